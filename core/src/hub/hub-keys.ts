/** The keys of a hub, as operators see and change them. */
import type { SealPlace } from '../store/seal-store.ts';

/** What one key seals. */
export interface KeyUse {
  /** Null for text that is not sealed in a way this version knows. */
  keyId: string | null;
  /** Whether the hub has the key. */
  isKnown: boolean;
  /** Its place among the keys of this hub, the newest first; null when it is not among them. */
  place: number | null;
  rows: number;
  /** Rows that do not open although the key is there: they were changed, or moved to another athlete. */
  unreadable: number;
  byPlace: { [place in SealPlace]?: number };
}

/** What a rotation of keys did. */
export interface Rotation {
  newestKeyId: string;
  /** Rows that hold something sealed. */
  rows: number;
  /** Rows sealed again. */
  resealed: number;
  /** Rows that do not open, so they stay as they are. */
  unreadable: number;
  /** Rows that open with an older key still: somebody seals with it. */
  left: number;
}

export interface RotateOptions {
  signal?: AbortSignal;
  /** Rows looked at so far in this pass. */
  onProgress?: (rows: number) => void;
}

export interface KeyService {
  /** Which keys seal how much, keys of this hub first and newest first. It opens every sealed row. */
  list(): Promise<KeyUse[]>;
  /**
   * Seals everything again with the newest key.
   * @throws HubError `conflict` when a hub at work on the same data does not know that key.
   */
  rotate(options?: RotateOptions): Promise<Rotation>;
  /** Takes these keys in place of those it was opened with. @throws HubError `key_missing`, `config_invalid`. */
  use(keys: readonly string[]): Promise<void>;
}
