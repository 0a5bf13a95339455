/** How much room the data takes, by what takes it. */
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DiskUse, StoreFigures } from '@coach-hub/core';
import type { Sqlite } from './open-sqlite.ts';

/** @param path of the database file. */
export function diskUse(reading: Sqlite, path: string): Omit<DiskUse, 'blobs'> {
  return {
    databaseBytes: sizeOf(path),
    walBytes: sizeOf(`${path}-wal`),
    freeBytes: pragma(reading, 'freelist_count') * pragma(reading, 'page_size'),
    tables: tablesOf(reading),
  };
}

/** An index counts for its table. */
function tablesOf(reading: Sqlite): { [table: string]: number } {
  const rows = reading
    .prepare(
      `select m.tbl_name as name, sum(d.pgsize) as bytes
       from dbstat d join sqlite_master m on m.name = d.name
       where d.aggregate = true and m.tbl_name not like 'sqlite_%' group by m.tbl_name order by m.tbl_name`,
    )
    .all() as { name: string; bytes: number }[];
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
}

function pragma(reading: Sqlite, name: string): number {
  return reading.pragma(name, { simple: true }) as number;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** 0 where there is none: the write-ahead log comes and goes. */
export async function databaseSizes(path: string): Promise<StoreFigures['databaseBytes']> {
  const bytesOf = async (file: string) => (await stat(file).catch(() => null))?.size ?? 0;
  return [
    { part: 'database', bytes: await bytesOf(path) },
    { part: 'wal', bytes: await bytesOf(`${path}-wal`) },
  ];
}
