/** Databases for tests: each is fresh, and gone when its test is over. */
import pg from 'pg';
import { type OwnServer, startOwnServer } from './own-server.test-support.ts';

let starting: Promise<OwnServer | null> | undefined;
let made = 0;

/**
 * Where PostgreSQL is: the server of `TEST_DATABASE_URL`, whose user may create databases, or one that this process starts
 * for itself. Null where there is none for this platform: tests skip then, and say so.
 */
export async function serverUrl(): Promise<string | null> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return given;
  starting ??= startOwnServer();
  return (await starting)?.url ?? null;
}

export interface OwnDatabase {
  url: string;
  drop(): Promise<void>;
}

/** @param server its maintenance database. */
export async function newDatabase(server: string): Promise<OwnDatabase> {
  const name = `coach_test_${process.pid}_${made++}`;
  await ask(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(server, `drop database ${name} with (force)`) };
}

export async function ask(url: string, sql: string): Promise<void> {
  await rowsOf(url, sql);
}

export async function rowsOf<R extends object>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}
