import { sql } from 'kysely';
import type { Spelling } from './migration.ts';

export const sqliteSpelling: Spelling = {
  serial: { type: 'integer', key: (column) => column.primaryKey().autoIncrement() },
  surrogate: { type: 'integer', key: (column) => column.primaryKey() },
  bytes: 'blob',
  // One tree instead of a table and its index: half the pages a write touches. Slower for large rows.
  keyed: sql`without rowid`,
};
