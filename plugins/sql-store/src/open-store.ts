/** Opens a data folder and wires store, queue and blobs to one writer. */
import type { OpenedStore, StoreOptions, SyncStore } from '@coach-hub/core';
import { createBlobFiles } from './blobs/blob-files.ts';
import { createBlobStore } from './blobs/sql-blob-store.ts';
import { createAthleteChanges } from './change/athlete-change.ts';
import { createConnections } from './connections/connections.ts';
import { createAnnouncer } from './database/announcer.ts';
import { makeFolder, openForReading, openForWriting } from './database/open-sqlite.ts';
import { enterFolder } from './database/presence.ts';
import { prepareOn } from './database/statement.ts';
import { storeError } from './database/store-error.ts';
import { createWriter } from './database/writer.ts';
import { createInbox } from './inbox/inbox.ts';
import { type Location, locationOf } from './location.ts';
import { appliedMigrations, migrate, refuseNewer } from './migrations/migrate.ts';
import { MIGRATIONS } from './migrations/registry.ts';
import { newEpoch } from './new-epoch.ts';
import { jobInserter } from './queue/insert-jobs.ts';
import { createJobQueue } from './queue/sql-job-queue.ts';
import { createReads } from './reads/reads.ts';
import { rowCounter } from './reads/row-counts.ts';
import { createRetention } from './retention/retention.ts';
import { createSeals } from './seals/seals.ts';

/** @throws HubError `database_too_new`, `config_invalid`, `database_busy`. */
export async function openStore({ url, now, random, log }: StoreOptions): Promise<OpenedStore> {
  const location = locationOf(url);
  makeFolder(location.folder);
  makeFolder(location.blobs);
  const { writing, reading, presence, closeAll } = openFolder(location);
  const aloneAtMs = presence.isAlone ? now() : null;
  const prepareRead = prepareOn(reading);
  const prepareWrite = prepareOn(writing);
  const announcer = createAnnouncer(log);
  const writer = createWriter({ sqlite: writing, now, log, announce: announcer.announce });
  const insertJobs = jobInserter(prepareWrite, now);
  const files = createBlobFiles({ folder: location.blobs, now, random, log });
  const deps = { writer, reading, prepareRead, prepareWrite, now, random, log, insertJobs };
  const queue = createJobQueue({ ...deps, aloneAtMs });
  announcer.onJobs(queue.wake);
  const blobs = createBlobStore({ ...deps, files });
  await files.sweep(presence.isAlone);
  presence.settle();

  const store: SyncStore = {
    dialect: 'sqlite',
    location: location.folder,
    ...createAthleteChanges(deps),
    ...createInbox(deps),
    ...createConnections(deps),
    ...createSeals(deps),
    ...createReads(deps),
    ...createRetention({ ...deps, files, database: location.database }),
    onCommit: announcer.onCommit,
    async migrationStatus() {
      const applied = new Map(appliedMigrations(reading).map((each) => [each.name, each.appliedAtMs]));
      return MIGRATIONS.map(({ name }) => {
        const appliedAtMs = applied.get(name);
        return { name, appliedAt: appliedAtMs === undefined ? null : new Date(appliedAtMs).toISOString() };
      });
    },
    migrate() {
      return migrate({ path: location.database, migrations: MIGRATIONS, now, newEpoch: () => newEpoch(random) });
    },
    counts: rowCounter(reading),
    close,
  };

  let isOpen = true;
  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    await queue.stop();
    writer.close();
    closeAll();
  }

  return { store, queue, blobs, close };
}

/** The connection that writes and the one that reads, of a database this code may write, and our lock beside it. */
function openFolder({ database, lock }: Location) {
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
    refuseNewer(appliedMigrations(reading), MIGRATIONS);
    const presence = enterFolder(lock);
    opened.unshift({ close: presence.leave });
    return { writing, reading, presence, closeAll };
  } catch (error) {
    closeAll();
    throw storeError(error);
  }
}
