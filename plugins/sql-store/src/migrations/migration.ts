import type { ColumnDefinitionBuilder, Kysely, RawBuilder } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** The few things the databases spell differently. */
export interface Spelling {
  /** A number the database gives out and never gives out again. */
  serial: { type: 'integer' | 'bigserial'; key: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder };
  /** A number the database gives out; one whose row is gone may come again. */
  surrogate: { type: 'integer' | 'bigserial'; key: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder };
  bytes: 'blob' | 'bytea';
  /** Put at the end of a table of small rows that are only found by their primary key. */
  keyed: RawBuilder<unknown>;
}

export interface AppliedMigration {
  name: string;
  version: string;
  appliedAtMs: number;
}

/**
 * One step of the schema, with one purpose. A released one never changes.
 *
 * It only changes the schema, and asks the database nothing: its statements are written down first and then executed
 * under the lock. Data moves in code that can be tested, stopped and run again.
 */
export interface Migration {
  /** Also the order: `0001-athlete`. */
  name: string;
  /** The version of this package that brought it; an older one that meets the database names it. */
  since: string;
  /** The only database it is for, where the other keeps such data elsewhere. */
  only?: Dialect['name'];
  up(db: Kysely<unknown>, spelling: Spelling): Promise<void>;
  down(db: Kysely<unknown>, spelling: Spelling): Promise<void>;
}
