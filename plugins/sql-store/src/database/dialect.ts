/** What the databases spell differently in a statement. */
import type { DialectAdapter, Expression, QueryCompiler, RawBuilder } from 'kysely';

export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  createAdapter(): DialectAdapter;
  createQueryCompiler(): QueryCompiler;
  /** The smaller of two numbers. */
  least(a: Operand, b: Operand): RawBuilder<number>;
  /** The larger of two numbers. */
  greatest(a: Operand, b: Operand): RawBuilder<number>;
  /** Whether a text holds another one. */
  contains(column: string, part: string): RawBuilder<boolean>;
  /** The texts of a JSON list, as rows of one column. */
  eachText(list: Expression<string>): RawBuilder<string>;
  /** Put at the end of a select whose rows nobody may change before this transaction ends. */
  readonly keepRows: RawBuilder<unknown>;
  /** The same, for rows this transaction is about to change. */
  readonly lockRows: RawBuilder<unknown>;
  /** The same, leaving out rows that somebody else has locked. */
  readonly lockFreeRows: RawBuilder<unknown>;
}

/** A column's name, or an argument. */
export type Operand = string | Expression<number>;
