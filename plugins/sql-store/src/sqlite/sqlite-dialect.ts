import { SqliteAdapter, SqliteQueryCompiler, sql } from 'kysely';
import type { Dialect, Operand } from '../database/dialect.ts';

/** There is one writer at a time, so no row needs a lock of its own. */
const NO_LOCK = sql``;

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  createAdapter: () => new SqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  least: (a, b) => sql`min(${operand(a)}, ${operand(b)})`,
  greatest: (a, b) => sql`max(${operand(a)}, ${operand(b)})`,
  contains: (column, part) => sql`instr(${sql.ref(column)}, ${sql.lit(part)}) > 0`,
  eachText: (list) => sql`(select value from json_each(${list}))`,
  keepRows: NO_LOCK,
  lockRows: NO_LOCK,
  lockFreeRows: NO_LOCK,
};

function operand(each: Operand) {
  return typeof each === 'string' ? sql.ref(each) : each;
}
