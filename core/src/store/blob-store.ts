import type { Readable } from 'node:stream';

/** A stored blob's key: whose it is and the SHA-256 of its bytes (lower-case hex). */
export interface BlobKey {
  athleteId: string;
  sha256: string;
}

/** Owner of bytes that are not yet any athlete's: bodies of deliveries before they are split. */
export const INBOX_OWNER = '~inbox';

/**
 * Immutable bytes: large bodies, original files, series. `put` resolves when they are on disk; the row that refers to
 * a blob is written after it, so a crash leaves at most bytes nobody names, never a name without bytes.
 */
export interface BlobStore {
  /** Stores bytes under their hash; storing them again is a no-op. Returns the hash. */
  put(athleteId: string, bytes: Uint8Array): Promise<string>;
  /**
   * Stores a stream, refusing more than `maxBytes` (error `payload_too_large`); nothing stays of a refused one. A piece is
   * good until the next is asked for.
   */
  putStream(
    athleteId: string,
    stream: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ sha256: string; bytes: number }>;
  /** The bytes, or null when they are not stored. */
  get(key: BlobKey): Promise<Uint8Array | null>;
  stream(key: BlobKey): Promise<{ bytes: number; body: Readable } | null>;
  has(key: BlobKey): Promise<boolean>;
  delete(key: BlobKey): Promise<void>;
  /**
   * Removes every blob of an owner whose hash is not named. Names are asked for once it is known what is stored, so what
   * is stored and named meanwhile stays. Returns how many went.
   *
   * @param graceMs what was put, or put again, within this time stays as well: another process may be about to name it.
   */
  keepOnly(athleteId: string, names: () => Promise<ReadonlySet<string>>, graceMs?: number): Promise<number>;
  /** What `keepOnly` would remove. */
  unnamed(athleteId: string, names: () => Promise<ReadonlySet<string>>, graceMs?: number): Promise<number>;
  /** Bytes and files by owner class, for `doctor`. */
  usage(): Promise<{ blobs: number; bytes: number }>;
}
