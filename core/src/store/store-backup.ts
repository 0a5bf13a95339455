/** Backups of a store: what one consists of, and what a store plugin that makes them is asked for. */
import type { Log } from '../hub/log.ts';
import type { BackupManifest } from './backup-manifest.ts';
import type { OpenedStore } from './opened-store.ts';

/** How far a backup or a restore is. `total` is what is known of it so far. */
export interface BackupProgress {
  stage: 'blobs' | 'database' | 'checking';
  done: number;
  total: number;
}

/** What every long copy is asked for. */
export interface CommonCopyOptions {
  now: () => number;
  log: Log;
  signal?: AbortSignal;
  onProgress?: (progress: BackupProgress) => void;
}

export interface BackupOptions extends CommonCopyOptions {
  /** The store to copy, as `open` takes it. It may be in use, and stays so. */
  url: string;
  /** Folder the backup is written to: one that is not there yet, or is empty. */
  folder: string;
  productVersion: string;
}

export interface RestoreOptions extends CommonCopyOptions {
  /** Folder of a finished backup. */
  folder: string;
  /** Where the store shall be, as `open` takes it; nothing but a key file may be there. */
  url: string;
  /** Draws from [0, 1), for the new epoch. */
  random: () => number;
  /** Looks at what was copied, before it appears in its place. When it throws, nothing appears. */
  inspect: (opened: OpenedStore) => Promise<void>;
}

export interface Restored {
  manifest: BackupManifest;
  /** The epoch of the restored hub. Every phone holds another one, so every phone notices. */
  epoch: string;
}
