/**
 * SyncStore: the hub's memory in the ledger's own words. One conformance suite, one implementation per database.
 *
 * Obligations of every implementation:
 * - A promise that resolves means the write is on disk (SQLite: synchronous FULL). Writes that arrive in one turn of
 *   the event loop may share a commit; one that fails must not take its neighbours along.
 * - Reads see committed data. `pull` reads one snapshot.
 * - Text columns `data`, `alt` and `state` are kept byte for byte.
 */
import type { AthleteChangeStore } from './athlete-change.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { InboxStore } from './inbox-store.ts';
import type { ReadStore } from './read-store.ts';
import type { RetentionStore } from './retention-store.ts';
import type { SealStore } from './seal-store.ts';

export interface SyncStore
  extends AthleteChangeStore,
    InboxStore,
    ConnectionStore,
    SealStore,
    ReadStore,
    RetentionStore {
  /** The store's own id for `doctor` and logs, for example `sqlite`. */
  readonly dialect: string;
  /** Where the data lies, as an operator names it (a path; never a password). */
  readonly location: string;
  /** Applied and pending migrations, oldest first. */
  migrationStatus(): Promise<{ name: string; appliedAt: string | null }[]>;
  /** Applies pending migrations; safe when two processes start at once. Returns the names applied. */
  migrate(): Promise<string[]>;
  /** Rows by class, for `doctor`. */
  counts(): Promise<{ [table: string]: number }>;
  close(): Promise<void>;
}
