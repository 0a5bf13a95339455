import type { BackupManifest } from './backup-manifest.ts';
import type { OpenedStore } from './opened-store.ts';
import type { BackupOptions, Restored, RestoreOptions } from './store-backup.ts';
import type { StoreCopied, StoreCopyOptions } from './store-copy.ts';

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
  /**
   * Copies a store that may be in use: the database as it was at one instant, and every blob it names then. Absent where
   * the database has tools of its own for that.
   * @throws HubError `not_found`, `conflict` where something lies in the folder, `not_supported` for such a URL.
   */
  backup?(options: BackupOptions): Promise<BackupManifest>;
  /**
   * Puts a backup in a new place, under a new epoch. What was copied is checked first, and appears whole or not at all.
   * @throws HubError `backup_invalid`, `conflict` where the place is taken, `database_too_new`.
   */
  restore?(options: RestoreOptions): Promise<Restored>;
  /**
   * Copies everything into a database of another kind, and compares what arrived: all of it appears, or nothing. The copy
   * is the same hub, with the same epoch.
   * @throws HubError `conflict` where the source is in use or the target holds data, `not_supported`, `copy_differs`.
   */
  copy?(options: StoreCopyOptions): Promise<StoreCopied>;
}
