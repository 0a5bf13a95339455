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
