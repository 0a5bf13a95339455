/** What a database holds of a schema, and changing it, for each kind of database. */
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import { postgresSchema } from '../postgres/postgres-spelling.ts';
import { sqliteSchema } from '../sqlite/sqlite-spelling.ts';
import type { SchemaDialect } from './statements-of.ts';

export interface OpenSchema {
  dialect: SchemaDialect;
  exec(sql: string): Promise<void>;
  /** Tables and indexes as they are defined, in the order of names. */
  definitions(): Promise<unknown[]>;
  tables(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openSchema(url: string): Promise<OpenSchema> {
  return url.startsWith('postgres:') ? openPostgresSchema(url) : openSqliteSchema(url);
}

function openSqliteSchema(folder: string): OpenSchema {
  const sqlite = new BetterSqlite3(join(folder, 'coach.db'));
  const rows = (sql: string) => sqlite.prepare(sql).all();
  return {
    dialect: sqliteSchema,
    async exec(sql) {
      sqlite.exec(sql);
    },
    definitions: async () => rows("select name, sql from sqlite_master where name not like 'sqlite_%' order by name"),
    tables: async () =>
      sqlite
        .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
        .pluck()
        .all() as string[],
    async close() {
      sqlite.close();
    },
  };
}

async function openPostgresSchema(url: string): Promise<OpenSchema> {
  const client = new pg.Client(url);
  await client.connect();
  const rows = async (sql: string) => (await client.query(sql)).rows as { [column: string]: string }[];
  return {
    dialect: postgresSchema,
    async exec(sql) {
      await client.query(sql);
    },
    definitions: async () => [
      ...(await rows(
        `select table_name, column_name, data_type, collation_name, is_nullable, column_default
         from information_schema.columns where table_schema = 'public' order by 1, 2`,
      )),
      ...(await rows("select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1")),
    ],
    tables: async () =>
      (await rows("select tablename from pg_tables where schemaname = 'public' order by 1")).map(
        ({ tablename }) => tablename!,
      ),
    close: () => client.end(),
  };
}
