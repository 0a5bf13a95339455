import type { BlobStore } from './blob-store.ts';
import type { JobQueue } from './job-queue.ts';
import type { SyncStore } from './sync-store.ts';

/** An opened database with everything that lives in it. */
export interface OpenedStore {
  store: SyncStore;
  queue: JobQueue;
  blobs: BlobStore;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A folder (SQLite beside its blobs) or a database URL. */
  url: string;
  now: () => number;
  /** Draws from [0, 1). */
  random: () => number;
  log: import('../hub/log.ts').Log;
}

/** What a plugin of the kind `store` exports as `plugin`. */
export interface StorePlugin {
  id: string;
  /** Whether this plugin opens such a URL. */
  opens(url: string): boolean;
  /** Opens the database; it does not migrate unless asked. */
  open(options: StoreOptions): Promise<OpenedStore>;
}
