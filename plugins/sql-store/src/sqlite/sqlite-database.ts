/** Runs flows on SQLite: synchronously, on one connection that reads and one that writes. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Database } from '../database/database.ts';
import type { Call, Flow, Written } from '../database/flow.ts';
import { statementsFor } from '../database/statement.ts';
import type { Sqlite } from './open-sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { sqliteError } from './sqlite-error.ts';
import type { Writer } from './writer.ts';

export interface SqliteDatabaseDeps {
  reading: Sqlite;
  writing: Sqlite;
  writer: Writer;
}

export function createSqliteDatabase({ reading, writing, writer }: SqliteDatabaseDeps): Database {
  const read = runnerOn(reading);
  const write = runnerOn(writing);
  const atOneInstant = reading.transaction(read) as typeof read;
  return {
    dialect: sqliteDialect,
    prepare: statementsFor(sqliteDialect),
    async read(flow) {
      return read(flow);
    },
    async snapshot(flow) {
      return atOneInstant(flow);
    },
    write(work) {
      return writer.write((effects) => write(work(effects)));
    },
  };
}

/** Runs a flow to its end on one connection, whose statements are prepared at their first use and kept. */
export function runnerOn(sqlite: Sqlite): <T>(flow: Flow<T>) => T {
  const prepared = new Map<Written, BetterSqlite3.Statement>();
  const tupled = new Map<Written, BetterSqlite3.Statement>();

  function ready(known: typeof prepared, statement: Written): BetterSqlite3.Statement {
    const found = known.get(statement);
    if (found) return found;
    const made = sqlite.prepare(statement.sql);
    if (known === tupled) made.raw();
    known.set(statement, made);
    return made;
  }

  function answer({ statement, args, want }: Call): unknown {
    switch (want) {
      case 'row':
        return ready(prepared, statement).get(statement.bind(args));
      case 'rows':
        return ready(prepared, statement).all(statement.bind(args));
      case 'tuples':
        return ready(tupled, statement).all(statement.bind(args));
      case 'changes':
        return ready(prepared, statement).run(statement.bind(args)).changes;
    }
  }

  return (flow) => {
    let step = flow.next();
    while (!step.done) {
      let found: unknown;
      try {
        found = answer(step.value);
      } catch (error) {
        step = flow.throw(sqliteError(error));
        continue;
      }
      step = flow.next(found);
    }
    return step.value;
  };
}
