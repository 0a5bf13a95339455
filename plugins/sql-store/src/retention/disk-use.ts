/** How much room the data takes, by what takes it. */
import { statSync } from 'node:fs';
import { type DiskUse, INBOX_OWNER, type RoomTaken } from '@coach-hub/core';
import type { BlobFiles } from '../blobs/blob-files.ts';
import type { Params, Prepare, Sqlite } from '../database/statement.ts';

export interface DiskUseDeps {
  reading: Sqlite;
  prepareRead: Prepare;
  /** Path of the database file. */
  database: string;
  files: BlobFiles;
}

export function createDiskUse({ reading, prepareRead, database, files }: DiskUseDeps): () => Promise<DiskUse> {
  const inRows = prepareRead((db, p: Params<{ inbox: string }>) =>
    db
      .selectFrom('blob')
      .select((q) => [
        q('athlete_id', '=', p.inbox).as('isInbox'),
        q.fn.countAll<number>().as('count'),
        q.fn.sum<number>('bytes').as('bytes'),
      ])
      .groupBy('isInbox'),
  );

  function ofRows(isInbox: boolean): RoomTaken {
    const row = inRows.all({ inbox: INBOX_OWNER }).find((each) => Boolean(each.isInbox) === isInbox);
    return { count: row?.count ?? 0, bytes: row?.bytes ?? 0 };
  }

  return async () => {
    const inbox = await files.usageOf(INBOX_OWNER);
    const all = await files.usage();
    const athletes = { count: all.blobs - inbox.blobs, bytes: all.bytes - inbox.bytes };
    return {
      databaseBytes: sizeOf(database),
      walBytes: sizeOf(`${database}-wal`),
      freeBytes: pragma(reading, 'freelist_count') * pragma(reading, 'page_size'),
      tables: tablesOf(reading),
      blobs: {
        inbox: sum(ofRows(true), { count: inbox.blobs, bytes: inbox.bytes }),
        athletes: sum(ofRows(false), athletes),
      },
    };
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

function sum(a: RoomTaken, b: RoomTaken): RoomTaken {
  return { count: a.count + b.count, bytes: a.bytes + b.bytes };
}
