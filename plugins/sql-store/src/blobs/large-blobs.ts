import type { Readable } from 'node:stream';
import type { BlobKey } from '@coach-hub/core';

/** Larger ones are not hashed again when they are read. */
export const VERIFY_BELOW_BYTES = 1024 * 1024;
/** A draft that was not touched for so long is nobody's, whoever has the store open. */
export const ABANDONED_AFTER_MS = 3_600_000;

/** Bytes too large for a row of their own. One appears under its key whole or not at all. */
export interface LargeBlobs {
  /** Begins one; exactly one of `keep` and `drop` ends it. */
  begin(): Promise<Draft>;
  read(key: BlobKey): Promise<Uint8Array | null>;
  stream(key: BlobKey): Promise<{ bytes: number; body: Readable } | null>;
  has(key: BlobKey): Promise<boolean>;
  /** Whether it is there with so many bytes and, as far as that is cheap to tell, undamaged. */
  isWhole(key: BlobKey, bytes: number): Promise<boolean>;
  /** Makes it as young as one that is put now. False when it is not there. */
  touch(key: BlobKey): Promise<boolean>;
  remove(key: BlobKey): Promise<void>;
  /** Removes it unless it was put or touched after a time. */
  removeIfOld(key: BlobKey, untilMs: number): Promise<boolean>;
  /** Hashes of those of one owner that were not put or touched after a time. */
  ofOwner(athleteId: string, untilMs: number): Promise<string[]>;
  usage(): Promise<{ blobs: number; bytes: number }>;
  usageOf(athleteId: string): Promise<{ blobs: number; bytes: number }>;
  /** Removes what crashed writers left: all of it when nobody else has the store open, else what is old. */
  sweep(isAlone: boolean): Promise<void>;
}

export interface Draft {
  write(bytes: Uint8Array): Promise<void>;
  keep(key: BlobKey): Promise<void>;
  drop(): Promise<void>;
}
