/** How much room the data takes in PostgreSQL, in the words of its catalogue. */
import type { DiskUse, StoreFigures } from '@coach-hub/core';
import type pg from 'pg';
import { TABLES } from '../database/tables.ts';

type Connection = Pick<pg.Pool, 'query'>;

export async function databaseSizes(connection: Connection): Promise<StoreFigures['databaseBytes']> {
  return [{ part: 'database', bytes: await databaseBytes(connection) }];
}

async function databaseBytes(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ bytes: number }>('select pg_database_size(current_database()) as bytes');
  return rows[0]!.bytes;
}

/** An index, and bytes that are kept aside, count for their table. */
async function tableBytes(connection: Connection): Promise<{ [table: string]: number }> {
  const { rows } = await connection.query<{ name: string; bytes: number }>(
    `select name, pg_total_relation_size(to_regclass(name)) as bytes
     from unnest($1::text[]) as name where to_regclass(name) is not null order by name`,
    [TABLES],
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
}

/** What the write-ahead log holds belongs to the whole server, and free pages are PostgreSQL's own affair. */
export async function diskUse(connection: Connection): Promise<Omit<DiskUse, 'blobs'>> {
  return {
    databaseBytes: await databaseBytes(connection),
    walBytes: null,
    freeBytes: null,
    tables: await tableBytes(connection),
  };
}

/** Rows of each table, by its name. It reads every table once: for `doctor`, not for a hot path. */
export async function rowCounts(connection: Connection): Promise<{ [table: string]: number }> {
  const counts: { [table: string]: number } = {};
  for (const table of Object.keys(await tableBytes(connection))) {
    const { rows } = await connection.query<{ rows: number }>(`select count(*) as rows from "${table}"`);
    counts[table] = rows[0]!.rows;
  }
  return counts;
}
