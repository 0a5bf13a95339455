/** What may go once its time is over, and how much room everything takes. */

/**
 * Rows that only wait to be forgotten. What each may not lose:
 * - `replayed_letter`: letters that were replayed. `dead_letter`: those nobody has replayed, bytes and all.
 * - `notice`: marks that keep the same ping from being fetched twice.
 * - `dead_job`: jobs that were given up. Done ones leave no row.
 * - `mutation`: stored answers to mutations. The newest ones of each client stay whatever their age, so that a phone
 *   whose answer was lost hears the same answer again.
 * - `dead_mutation`: bodies of mutations that were rejected.
 * - `attempt`: consents whose time is over.
 */
export const PRUNABLE_ROWS = [
  'replayed_letter',
  'dead_letter',
  'notice',
  'dead_job',
  'mutation',
  'dead_mutation',
  'attempt',
] as const;
export type PrunableRows = (typeof PRUNABLE_ROWS)[number];

/** Stored answers of each client that stay: more than one push holds, so its every answer can be given again. */
export const MUTATIONS_KEPT = 1_000;

export interface RoomTaken {
  count: number;
  bytes: number;
}

/** Envelopes of one stream that were received before a time. */
export interface OldEnvelopes {
  plugin: string;
  stream: string;
  beforeMs: number;
}

export interface DiskUse {
  /** The database as the file system sees it, and what waits beside it to be folded in; null where that is no file of its own. */
  databaseBytes: number;
  walBytes: number | null;
  /** Of the database: pages that hold nothing and are used again first; null where it does not tell. */
  freeBytes: number | null;
  /** Bytes of each table with its indexes. */
  tables: { [table: string]: number };
  /** Bodies of deliveries, and what belongs to athletes: original files, series, large envelopes. In rows and in files. */
  blobs: { inbox: RoomTaken; athletes: RoomTaken };
}

export interface RetentionStore {
  /** Streams of which envelopes with bytes are stored. */
  envelopeStreams(): Promise<{ plugin: string; stream: string }[]>;
  /**
   * Takes the bytes out of envelopes that were read, at most `limit`; returns how many. The row stays, so that the same
   * statement is known when it comes again. One that waits to be read, or that a dead letter will replay, keeps them.
   */
  dropEnvelopeBytes(which: OldEnvelopes, limit: number): Promise<number>;
  /** What `dropEnvelopeBytes` would find. */
  oldEnvelopes(which: OldEnvelopes): Promise<RoomTaken>;
  /** Removes rows older than a time, at most `limit`; returns how many. */
  pruneRows(rows: PrunableRows, beforeMs: number, limit: number): Promise<number>;
  /** What `pruneRows` would remove. */
  prunableRows(rows: PrunableRows, beforeMs: number): Promise<number>;
  /** Athletes in the order of their ids, after one. */
  athleteIds(after: string, limit: number): Promise<string[]>;
  /** Reads the whole database once: for `doctor` and, seldom, for metrics. */
  diskUse(): Promise<DiskUse>;
}
