/**
 * A data folder copied into an empty PostgreSQL database, while nobody has either of them open.
 *
 * Large bytes first: they lie under their hashes and harm nobody alone, so a copy that was cut off goes on where it was.
 * Then every row in one transaction, read back and compared before it is committed: all of it appears, or nothing.
 */
import { createHash } from 'node:crypto';
import { type BlobKey, HubError, type StoreCopied, type StoreCopyOptions } from '@coach-hub/core';
import type pg from 'pg';
import { namedFiles } from '../backup/named-blobs.ts';
import { createBlobFiles } from '../blobs/blob-files.ts';
import type { LargeBlobs } from '../blobs/large-blobs.ts';
import { noEffects } from '../database/database.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { migrationsOf } from '../migrations/registry.ts';
import { newEpoch } from '../new-epoch.ts';
import { createBlobParts } from '../postgres/blob-parts.ts';
import { openPool } from '../postgres/connect.ts';
import { openLine } from '../postgres/line.ts';
import { isPostgresUrl, placeOf } from '../postgres/location.ts';
import { migrate as migratePostgres } from '../postgres/migrate.ts';
import { createPostgresDatabase } from '../postgres/postgres-database.ts';
import { postgresError } from '../postgres/postgres-error.ts';
import { inTransaction } from '../postgres/transaction.ts';
import { isFolderUrl, type Location, locationOf } from '../sqlite/location.ts';
import { appliedMigrations } from '../sqlite/migrate.ts';
import { openForReading, type Sqlite } from '../sqlite/open-sqlite.ts';
import { enterFolder } from '../sqlite/presence.ts';
import { sqliteError } from '../sqlite/sqlite-error.ts';
import { type CopiedTable, copiedTables } from './copied-tables.ts';
import { copyTable, hashTable } from './copy-table.ts';

type Copied = StoreCopied['tables'][string];

export async function copyStore(options: StoreCopyOptions): Promise<StoreCopied> {
  if (!isFolderUrl(options.from) || !isPostgresUrl(options.to)) throw notSupported();
  const location = locationOf(options.from);
  const source = openSource(location);
  try {
    const presence = enterFolder(location.lock);
    try {
      if (!presence.isAlone) throw inUse(location.folder);
      return await copyAlone(source, location, options);
    } finally {
      presence.leave();
    }
  } catch (error) {
    throw sqliteError(postgresError(error));
  } finally {
    source.close();
  }
}

async function copyAlone(source: Sqlite, location: Location, options: StoreCopyOptions): Promise<StoreCopied> {
  const { to, now, random, log } = options;
  refuseOther(appliedMigrations(source).map(({ name }) => name));
  const pool = openPool(to, log);
  try {
    const line = await openLine({ url: to, random, log, onTold() {}, onUnknown() {} });
    try {
      if (!line.isAlone) throw inUse(placeOf(to));
      await migratePostgres({ pool, migrations: migrationsOf('postgres'), now, newEpoch: () => newEpoch(random) });
      const tables = copiedTables(source);
      await refuseTaken(pool, tables, placeOf(to));
      const database = createPostgresDatabase({ pool, random, log, announce: noEffects });
      const target = createBlobParts({ database, now, random, log });
      const files = createBlobFiles({ folder: location.blobs, now, random, log });
      const blobs = await copyBlobs(source, files, target, options);
      return { tables: await copyRows(source, pool, tables, options), blobs };
    } finally {
      await line.close();
    }
  } finally {
    await pool.end();
  }
}

function openSource(location: Location): Sqlite {
  try {
    return openForReading(location.database);
  } catch (cause) {
    throw new HubError(
      'not_found',
      {
        what: 'There is no database to copy.',
        why: `${location.database} cannot be opened.`,
        fix: 'Name the data folder of a hub with --data.',
      },
      { cause },
    );
  }
}

/** Rows are copied as they are, so both sides have to have one schema. */
function refuseOther(applied: string[]): void {
  refuseNewer(
    applied.map((name) => ({ name, version: 'unknown', appliedAtMs: 0 })),
    migrationsOf('sqlite'),
  );
  const pending = migrationsOf('sqlite').filter(({ name }) => !applied.includes(name));
  if (pending.length === 0) return;
  throw new HubError('database_outdated', {
    what: 'Nothing was copied.',
    why: `${pending.length} migrations of the data folder are pending, from ${pending[0]?.name} on.`,
    fix: 'Run "coach db migrate" on it first, without --db.',
  });
}

/** The migrations leave one row, the epoch, which the copy brings along. */
async function refuseTaken(pool: pg.Pool, tables: CopiedTable[], place: string): Promise<void> {
  for (const { name } of tables) {
    if (name === 'server') continue;
    const { rows } = await pool.query(`select 1 from "${name}" limit 1`);
    if (rows.length === 0) continue;
    throw new HubError('conflict', {
      what: 'Nothing was copied.',
      why: `${place} holds data of a hub already: its table "${name}" is not empty.`,
      fix: 'Name an empty database. One that a copy was tried with can be dropped and created anew.',
    });
  }
}

async function copyBlobs(
  source: Sqlite,
  files: LargeBlobs,
  target: LargeBlobs,
  { signal, onProgress }: StoreCopyOptions,
): Promise<StoreCopied['blobs']> {
  const keys = new Map([...namedFiles(source)].map((key) => [`${key.athleteId}/${key.sha256}`, key]));
  const copied: StoreCopied['blobs'] = { count: 0, bytes: 0, lost: [] };
  for (const [path, key] of keys) {
    signal?.throwIfAborted();
    onProgress?.({ stage: 'blobs', done: copied.count, total: keys.size });
    const stored = await files.stream(key);
    if (!stored) {
      copied.lost.push(path);
      continue;
    }
    if (await target.isWhole(key, stored.bytes)) stored.body.destroy();
    else if (!(await copyBlob(stored.body, target, key))) {
      copied.lost.push(path);
      continue;
    }
    copied.count += 1;
    copied.bytes += stored.bytes;
  }
  onProgress?.({ stage: 'blobs', done: copied.count, total: keys.size });
  return copied;
}

/** False, and nothing is stored, where the bytes are not those of their name. */
async function copyBlob(body: AsyncIterable<Uint8Array>, target: LargeBlobs, key: BlobKey): Promise<boolean> {
  const draft = await target.begin();
  const hash = createHash('sha256');
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await draft.write(chunk);
    }
  } catch (error) {
    await draft.drop();
    throw error;
  }
  const isWhole = hash.digest('hex') === key.sha256;
  await (isWhole ? draft.keep(key) : draft.drop());
  return isWhole;
}

async function copyRows(
  source: Sqlite,
  pool: pg.Pool,
  tables: CopiedTable[],
  { signal, onProgress }: StoreCopyOptions,
): Promise<StoreCopied['tables']> {
  return inTransaction(pool, 'begin', async (client) => {
    await client.query('delete from server');
    const sent: { [table: string]: Copied } = {};
    const total = tables.reduce((sum, { name }) => sum + rowsIn(source, name), 0);
    let done = 0;
    for (const table of tables) {
      sent[table.name] = await copyTable(source, client, table, (rows) => {
        signal?.throwIfAborted();
        done += rows;
        onProgress?.({ stage: 'database', done, total });
      });
    }
    await compare(client, tables, sent, (checked) => {
      signal?.throwIfAborted();
      onProgress?.({ stage: 'checking', done: checked, total });
    });
    return sent;
  });
}

/** @throws HubError `copy_differs` naming every table that does. */
async function compare(
  client: pg.PoolClient,
  tables: CopiedTable[],
  sent: { [table: string]: Copied },
  onChecked: (rows: number) => void,
): Promise<void> {
  const differences: string[] = [];
  let checked = 0;
  for (const table of tables) {
    const arrived = await hashTable(client, table);
    const { rows, sha256 } = sent[table.name]!;
    if (arrived.sha256 !== sha256) differences.push(`${table.name}: ${rows} rows sent, ${arrived.rows} arrived`);
    checked += rows;
    onChecked(checked);
  }
  if (differences.length === 0) return;
  throw new HubError('copy_differs', {
    what: 'Nothing was moved.',
    why: `What arrived is not what was sent. ${differences.join('; ')}.`,
    fix: 'Try again. When it comes again, report it.',
  });
}

function rowsIn(source: Sqlite, table: string): number {
  return source.prepare(`select count(*) from "${table}"`).pluck().get() as number;
}

function inUse(place: string): HubError {
  return new HubError('conflict', {
    what: 'Nothing was copied.',
    why: `A hub, or a command, has ${place} open; what it writes meanwhile would be left behind.`,
    fix: 'Stop it, and run this again.',
  });
}

function notSupported(): HubError {
  return new HubError('not_supported', {
    what: 'Nothing was copied.',
    why: 'The data can be copied from a data folder into a PostgreSQL database, and in no other direction.',
    fix: 'Name the folder with --data and the database with --db.',
  });
}
