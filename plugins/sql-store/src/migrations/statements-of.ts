import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Migration } from './migration.ts';
import { sqliteSpelling } from './sqlite-spelling.ts';

/** The SQL one direction of a migration consists of, in order. */
export async function statementsOf(direction: Migration['up']): Promise<string[]> {
  const statements: string[] = [];
  await direction(recorderInto(statements), sqliteSpelling);
  return statements;
}

/** A kysely that writes down what it is told to execute. */
function recorderInto(statements: string[]): Kysely<unknown> {
  class Recorder extends DummyDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      const connection = await super.acquireConnection();
      return {
        executeQuery: async ({ sql }: CompiledQuery) => {
          statements.push(sql);
          return { rows: [] };
        },
        streamQuery: connection.streamQuery,
      };
    }
  }
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new Recorder(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
