import {
  type CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  DummyDriver,
  Kysely,
  type QueryCompiler,
  SqliteIntrospector,
} from 'kysely';
import type { Migration, Spelling } from './migration.ts';

/** How migrations are written for one kind of database. */
export interface SchemaDialect {
  createAdapter(): DialectAdapter;
  createQueryCompiler(): QueryCompiler;
  spelling: Spelling;
}

/** The SQL one direction of a migration consists of, in order. */
export async function statementsOf(direction: Migration['up'], dialect: SchemaDialect): Promise<string[]> {
  const statements: string[] = [];
  await direction(recorderInto(statements, dialect), dialect.spelling);
  return statements;
}

/** A kysely that writes down what it is told to execute. */
function recorderInto(statements: string[], { createAdapter, createQueryCompiler }: SchemaDialect): Kysely<unknown> {
  class Recorder extends DummyDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      const connection = await super.acquireConnection();
      return {
        executeQuery: async ({ sql }: CompiledQuery) => {
          statements.push(sql.trim());
          return { rows: [] };
        },
        streamQuery: connection.streamQuery,
      };
    }
  }
  return new Kysely<unknown>({
    dialect: {
      createAdapter,
      createDriver: () => new Recorder(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler,
    },
  });
}
