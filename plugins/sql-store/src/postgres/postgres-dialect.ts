import { PostgresAdapter, PostgresQueryCompiler, sql } from 'kysely';
import type { Dialect, Operand } from '../database/dialect.ts';

export const postgresDialect: Dialect = {
  name: 'postgres',
  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  least: (a, b) => sql`least(${operand(a)}, ${operand(b)})`,
  greatest: (a, b) => sql`greatest(${operand(a)}, ${operand(b)})`,
  contains: (column, part) => sql`strpos(${sql.ref(column)}, ${sql.lit(part)}) > 0`,
  eachText: (list) => sql`(select jsonb_array_elements_text(cast(${list} as jsonb)))`,
  keepRows: sql`for share`,
  lockRows: sql`for update`,
  lockFreeRows: sql`for update skip locked`,
};

/** An argument has no type of its own here. */
function operand(each: Operand) {
  return typeof each === 'string' ? sql.ref(each) : sql`cast(${each} as bigint)`;
}
