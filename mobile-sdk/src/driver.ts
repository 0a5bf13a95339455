/** A value that may be bound to a `?`. */
export type SqlValue = string | number | null;

/** Statements on one SQLite connection. Parameters are bound by position to plain `?` marks. */
export interface Sql {
  /** Runs several statements without parameters. */
  exec(sql: string): Promise<void>;
  run(sql: string, params?: SqlValue[]): Promise<void>;
  /** All rows, each an object by column name. */
  all<Row>(sql: string, params?: SqlValue[]): Promise<Row[]>;
}

/**
 * What the SDK needs of a SQLite library. A driver is thin: about thirty lines over the library's own calls.
 *
 * **Who may interleave: nobody.** The SDK has one call in progress at a time. While a transaction is open it uses the
 * `tx` it was handed and nothing else, so a driver needs no lock and transactions never nest. In return the
 * connection belongs to the SDK alone: a statement of the app in between would land in the SDK's open transaction.
 * Another process may hold the same file through a connection of its own; hence `BEGIN IMMEDIATE` and a busy timeout.
 *
 * Obligations:
 * - SQLite 3.38 or newer with its JSON functions.
 * - A transaction that resolves is on disk: the outbox is the only copy of what the athlete wrote. With SQLite's
 *   own files that is WAL with `synchronous=FULL`; the driver checks it when it opens.
 * - `transaction` begins IMMEDIATE, calls `work` once, commits when it resolves, and rolls back and rejects with the
 *   same error when it rejects.
 */
export interface Driver extends Sql {
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
}
