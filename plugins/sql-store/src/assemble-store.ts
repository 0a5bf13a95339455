/** Store, queue and blobs on one open database, whichever it is. */
import type { DiskUse, Log, OpenedStore, StoreFigures, SyncStore } from '@coach-hub/core';
import type { LargeBlobs } from './blobs/large-blobs.ts';
import { createBlobStore } from './blobs/sql-blob-store.ts';
import { createAthleteChanges } from './change/athlete-change.ts';
import { createConnections } from './connections/connections.ts';
import type { Announcer } from './database/announcer.ts';
import type { Database } from './database/database.ts';
import { createInbox } from './inbox/inbox.ts';
import type { AppliedMigration } from './migrations/migration.ts';
import { migrationsOf } from './migrations/registry.ts';
import { jobInserter } from './queue/insert-jobs.ts';
import { createJobQueue } from './queue/sql-job-queue.ts';
import { createFigures } from './reads/figures.ts';
import { createReads } from './reads/reads.ts';
import { blobRoom } from './retention/blob-room.ts';
import { createRetention } from './retention/retention.ts';
import { createSeals } from './seals/seals.ts';

/** What is done in its own way on each kind of database. */
export interface Place {
  database: Database;
  /** Where the data lies, as an operator names it. */
  location: string;
  large: LargeBlobs;
  announcer: Announcer;
  /** When nobody else had the database open; null when somebody had. */
  aloneAtMs: number | null;
  appliedMigrations(): Promise<AppliedMigration[]>;
  migrate(): Promise<string[]>;
  counts(): Promise<{ [table: string]: number }>;
  sizes(): Promise<StoreFigures['databaseBytes']>;
  diskUse(): Promise<Omit<DiskUse, 'blobs'>>;
  /** Writes what is waiting, and lets go of the database. */
  close(): Promise<void>;
}

export interface Ports {
  now: () => number;
  random: () => number;
  log: Log;
}

export function assembleStore(place: Place, { now, random, log }: Ports): OpenedStore {
  const { database, location, large, announcer, aloneAtMs } = place;
  const insertJobs = jobInserter(database.prepare, now);
  const deps = { database, now, random, log, insertJobs };
  const queue = createJobQueue({ ...deps, aloneAtMs });
  announcer.onJobs(queue.wake);
  const roomOfBlobs = blobRoom({ database, large });

  const store: SyncStore = {
    dialect: database.dialect.name,
    location,
    ...createAthleteChanges(deps),
    ...createInbox(deps),
    ...createConnections(deps),
    ...createSeals(deps),
    ...createReads(deps),
    ...createRetention(deps),
    async diskUse() {
      return { ...(await place.diskUse()), blobs: await roomOfBlobs() };
    },
    figures: createFigures({ database, sizes: place.sizes }),
    onCommit: announcer.onCommit,
    async migrationStatus() {
      const applied = new Map((await place.appliedMigrations()).map((each) => [each.name, each.appliedAtMs]));
      return migrationsOf(database.dialect.name).map(({ name }) => {
        const appliedAtMs = applied.get(name);
        return { name, appliedAt: appliedAtMs === undefined ? null : new Date(appliedAtMs).toISOString() };
      });
    },
    migrate: place.migrate,
    counts: place.counts,
    close,
  };

  let isOpen = true;
  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    await queue.stop();
    await place.close();
  }

  return { store, queue, blobs: createBlobStore({ ...deps, large }), close };
}
