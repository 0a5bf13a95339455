/** Moving a store from one kind of database to another. */
import type { CommonCopyOptions } from './store-backup.ts';

export interface StoreCopyOptions extends CommonCopyOptions {
  /** The store to copy, as `open` takes it. Nobody else may have it open. */
  from: string;
  /** Where it shall be, as `open` takes it: a database without a hub's data. */
  to: string;
  /** Draws from [0, 1). */
  random: () => number;
}

export interface StoreCopied {
  /** By table: rows, and the SHA-256 of all of them, equal on both sides. */
  tables: { [table: string]: { rows: number; sha256: string } };
  /** Large bytes. `lost` are named in the data and were nowhere before the copy. */
  blobs: { count: number; bytes: number; lost: string[] };
}
