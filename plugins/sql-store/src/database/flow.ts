/**
 * What a piece of work asks of the database, one statement after another, without saying how it waits for the answers.
 *
 * On SQLite a flow runs to its end in one go, so nothing slips into its transaction; on PostgreSQL each answer is awaited.
 * So every piece of logic is written once. A flow must not await anything itself.
 */

export type SqlValue = string | number | Uint8Array | null;
export type Args = { [name: string]: SqlValue };

/** A statement as a connection takes it. Written at its first use: all of them at start would cost a tenth of a second. */
export interface Written {
  readonly sql: string;
  /** The values of its placeholders, in their order. */
  bind(args: Args): SqlValue[];
}

/** One statement to run, and what is wanted of it. */
export interface Call {
  statement: Written;
  args: Args;
  want: 'row' | 'rows' | 'tuples' | 'changes';
}

/** Yields calls, is given their answers, and returns its result. */
export type Flow<T> = Generator<Call, T, unknown>;
