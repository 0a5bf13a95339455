/** What the hub needs of the world to tell the time and to draw lots. Only a `main.ts` connects them to the real ones. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
}

export interface Random {
  /** Unpredictable bytes: keys, nonces, `state` values. */
  bytes(count: number): Uint8Array;
  /** Draws from [0, 1): jitter, never a secret. */
  next(): number;
  uuid(): string;
}
