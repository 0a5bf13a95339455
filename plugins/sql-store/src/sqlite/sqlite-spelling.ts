import { SqliteAdapter, SqliteQueryCompiler, sql } from 'kysely';
import type { SchemaDialect } from '../migrations/statements-of.ts';

export const sqliteSchema: SchemaDialect = {
  createAdapter: () => new SqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  spelling: {
    serial: { type: 'integer', key: (column) => column.primaryKey().autoIncrement() },
    surrogate: { type: 'integer', key: (column) => column.primaryKey() },
    bytes: 'blob',
    // One tree instead of a table and its index: half the pages a write touches. Slower for large rows.
    keyed: sql`without rowid`,
  },
};
