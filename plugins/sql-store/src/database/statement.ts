/**
 * SQL written and typed by kysely once, run as bare prepared statements.
 *
 * Kysely's own execution is asynchronous and prepares anew (6,000 ledger writes a second); this way a transaction stays
 * synchronous, so nothing slips in between, and costs what bare better-sqlite3 costs (12,000 a second).
 */
import type BetterSqlite3 from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  type Expression,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from 'kysely';
import type { Schema } from './schema.ts';
import { storeError } from './store-error.ts';

export type Sqlite = BetterSqlite3.Database;
export type SqlValue = string | number | Uint8Array | null;
export type Args = { [name: string]: SqlValue };

/** Stands for an argument while the SQL is being written; typed, so a column and its argument must fit. */
export type Params<A> = { readonly [Name in keyof A]: Expression<A[Name]> };

export interface Statement<A, R> {
  readonly sql: string;
  get(args: A): R | undefined;
  all(args: A): R[];
  /** Rows as arrays, in the order of the columns: a third cheaper for pages of rows. */
  tuples(args: A): unknown[][];
  run(args: A): { changes: number; lastInsertRowid: number | bigint };
}

export type Build<A, R> = (db: Kysely<Schema>, p: Params<A>) => Compilable<R>;

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

/** Writes SQL, never runs it. */
const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/**
 * A statement of one connection. Written and prepared at its first use, then kept: the tables may not exist before, and
 * writing all of them at start would cost a command-line call a tenth of a second.
 */
export function statement<A extends Args, R>(sqlite: Sqlite, build: Build<A, R>): Statement<A, R> {
  let prepared: BetterSqlite3.Statement | undefined;
  let tupled: BetterSqlite3.Statement | undefined;
  let parameters: readonly unknown[] = [];

  function ready(): BetterSqlite3.Statement {
    if (prepared) return prepared;
    const compiled = build(builder, placeholders as Params<A>).compile();
    parameters = compiled.parameters;
    prepared = sqlite.prepare(compiled.sql);
    return prepared;
  }

  function bound(args: A): unknown[] {
    const values = new Array<unknown>(parameters.length);
    for (let at = 0; at < parameters.length; at++) {
      const each = parameters[at];
      values[at] = each instanceof Placeholder ? args[each.name] : each;
    }
    return values;
  }

  return {
    get sql() {
      return ready().source;
    },
    get(args) {
      try {
        return ready().get(bound(args)) as R | undefined;
      } catch (error) {
        throw storeError(error);
      }
    },
    all(args) {
      try {
        return ready().all(bound(args)) as R[];
      } catch (error) {
        throw storeError(error);
      }
    },
    tuples(args) {
      try {
        tupled ??= sqlite.prepare(ready().source).raw();
        return tupled.all(bound(args)) as unknown[][];
      } catch (error) {
        throw storeError(error);
      }
    },
    run(args) {
      try {
        return ready().run(bound(args));
      } catch (error) {
        throw storeError(error);
      }
    },
  };
}

/** Makes statements of one connection. */
export type Prepare = <A extends Args, R>(build: Build<A, R>) => Statement<A, R>;

export function prepareOn(sqlite: Sqlite): Prepare {
  return (build) => statement(sqlite, build);
}
