/** Opens a data folder: a database, files beside it, and a lock that shows who has it open. */
import type { OpenedStore, StoreOptions } from '@coach-hub/core';
import { assembleStore } from '../assemble-store.ts';
import { createBlobFiles } from '../blobs/blob-files.ts';
import { createAnnouncer } from '../database/announcer.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { migrationsOf } from '../migrations/registry.ts';
import { newEpoch } from '../new-epoch.ts';
import { databaseSizes, diskUse } from './disk-use.ts';
import { type Location, locationOf } from './location.ts';
import { appliedMigrations, migrate } from './migrate.ts';
import { makeFolder, openForReading, openForWriting } from './open-sqlite.ts';
import { enterFolder } from './presence.ts';
import { rowCounter } from './row-counts.ts';
import { createSqliteDatabase } from './sqlite-database.ts';
import { sqliteError } from './sqlite-error.ts';
import { createWriter } from './writer.ts';

/** @throws HubError `database_too_new`, `config_invalid`, `database_busy`. */
export async function openFolder({ url, now, random, log }: StoreOptions): Promise<OpenedStore> {
  const location = locationOf(url);
  makeFolder(location.folder);
  makeFolder(location.blobs);
  const { writing, reading, presence, closeAll } = openFiles(location);
  const announcer = createAnnouncer(log);
  const writer = createWriter({ sqlite: writing, now, log, announce: announcer.announce });
  const large = createBlobFiles({ folder: location.blobs, now, random, log });
  const opened = assembleStore(
    {
      database: createSqliteDatabase({ reading, writing, writer }),
      location: location.folder,
      large,
      announcer,
      aloneAtMs: presence.isAlone ? now() : null,
      appliedMigrations: async () => appliedMigrations(reading),
      async migrate() {
        const migrations = migrationsOf('sqlite');
        return migrate({ path: location.database, migrations, now, newEpoch: () => newEpoch(random) });
      },
      counts: rowCounter(reading),
      sizes: () => databaseSizes(location.database),
      diskUse: async () => diskUse(reading, location.database),
      async close() {
        writer.close();
        closeAll();
      },
    },
    { now, random, log },
  );
  await large.sweep(presence.isAlone);
  presence.settle();
  return opened;
}

/** The connection that writes and the one that reads, of a database this code may write, and our lock beside it. */
function openFiles({ database, lock }: Location) {
  const opened: { close(): void }[] = [];
  // The last connection to close folds the -wal file into the database, which the reading one cannot.
  const closeAll = () => {
    for (const each of opened.splice(0).reverse()) each.close();
  };
  try {
    const writing = openForWriting(database);
    opened.push(writing);
    const reading = openForReading(database);
    opened.push(reading);
    refuseNewer(appliedMigrations(reading), migrationsOf('sqlite'));
    const presence = enterFolder(lock);
    opened.unshift({ close: presence.leave });
    return { writing, reading, presence, closeAll };
  } catch (error) {
    closeAll();
    throw sqliteError(error);
  }
}
