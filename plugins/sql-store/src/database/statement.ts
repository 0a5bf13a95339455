/**
 * SQL written and typed by kysely once, run as bare prepared statements.
 *
 * Kysely's own execution is asynchronous and prepares anew (6,000 ledger writes a second); this way a transaction on SQLite
 * stays synchronous, so nothing slips in between, and costs what bare better-sqlite3 costs (12,000 a second).
 */
import { type Compilable, DummyDriver, type Expression, Kysely, SqliteIntrospector, ValueNode } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { Args, Call, Flow, SqlValue, Written } from './flow.ts';
import type { Schema } from './schema.ts';

/** Stands for an argument while the SQL is being written; typed, so a column and its argument must fit. */
export type Params<A> = { readonly [Name in keyof A]: Expression<A[Name]> };

export interface Statement<A, R> extends Written {
  /** The first row. */
  get(args: A): Flow<R | undefined>;
  all(args: A): Flow<R[]>;
  /** Rows as arrays, in the order of the columns: a third cheaper for pages of rows. */
  tuples(args: A): Flow<unknown[][]>;
  /** How many rows it changed. */
  run(args: A): Flow<number>;
}

export type Build<A, R> = (db: Kysely<Schema>, p: Params<A>, dialect: Dialect) => Compilable<R>;

/** Makes statements for one kind of database. */
export type Prepare = <A extends Args, R>(build: Build<A, R>) => Statement<A, R>;

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const placeholders = new Proxy(Object.create(null), {
  get: (_target, name: string) => ({
    expressionType: undefined,
    toOperationNode: () => ValueNode.create(new Placeholder(name)),
  }),
});

export function statementsFor(dialect: Dialect): Prepare {
  /** Writes SQL, never runs it. */
  const builder = new Kysely<Schema>({
    dialect: {
      createAdapter: dialect.createAdapter,
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: dialect.createQueryCompiler,
    },
  });
  return (build) => statement((p) => build(builder, p, dialect).compile());
}

function statement<A extends Args, R>(
  compile: (p: Params<A>) => { sql: string; parameters: readonly unknown[] },
): Statement<A, R> {
  let compiled: { sql: string; parameters: readonly unknown[] } | undefined;
  const ready = () => {
    compiled ??= compile(placeholders as Params<A>);
    return compiled;
  };

  const own: Statement<A, R> = {
    get sql() {
      return ready().sql;
    },
    bind(args) {
      const { parameters } = ready();
      const values = new Array<SqlValue>(parameters.length);
      for (let at = 0; at < parameters.length; at++) {
        const each = parameters[at];
        values[at] = each instanceof Placeholder ? args[each.name]! : (each as SqlValue);
      }
      return values;
    },
    get: (args) => ask(own, args, 'row') as Flow<R | undefined>,
    all: (args) => ask(own, args, 'rows') as Flow<R[]>,
    tuples: (args) => ask(own, args, 'tuples') as Flow<unknown[][]>,
    run: (args) => ask(own, args, 'changes') as Flow<number>,
  };
  return own;
}

function* ask(statement: Written, args: Args, want: Call['want']): Flow<unknown> {
  return yield { statement, args, want };
}
