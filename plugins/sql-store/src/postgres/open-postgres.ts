/** Opens a PostgreSQL database, which several processes may have open at once. */
import { failureText, type OpenedStore, type StoreOptions } from '@coach-hub/core';
import { assembleStore } from '../assemble-store.ts';
import { createAnnouncer } from '../database/announcer.ts';
import type { Effects } from '../database/database.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { migrationsOf } from '../migrations/registry.ts';
import { newEpoch } from '../new-epoch.ts';
import { createBlobParts } from './blob-parts.ts';
import { openPool } from './connect.ts';
import { type Line, openLine } from './line.ts';
import { placeOf } from './location.ts';
import { appliedMigrations, migrate } from './migrate.ts';
import { noticeRestore } from './notice-restore.ts';
import { createPostgresDatabase } from './postgres-database.ts';
import { postgresError, rethrown } from './postgres-error.ts';
import { databaseSizes, diskUse, rowCounts } from './sizes.ts';

/** @throws HubError `database_too_new`, `config_invalid`, `busy` when it cannot be reached. */
export async function openPostgres({ url, now, random, log }: StoreOptions): Promise<OpenedStore> {
  const location = placeOf(url);
  const announcer = createAnnouncer(log);
  const pool = openPool(url, log);
  let line: Line | undefined;
  try {
    const applied = await appliedMigrations(pool);
    refuseNewer(applied, migrationsOf('postgres'));
    const isReady = applied.length === migrationsOf('postgres').length;
    if (isReady) await look();
    const own = await openLine({ url, random, log, onTold: announcer.announce, onUnknown: () => void tellAnew() });
    line = own;
    const announce = (effects: Effects) => {
      announcer.announce(effects);
      own.tell(effects);
    };
    const database = createPostgresDatabase({ pool, random, log, announce });
    const large = createBlobParts({ database, now, random, log });
    const opened = assembleStore(
      {
        database,
        location,
        large,
        announcer,
        aloneAtMs: own.isAlone ? now() : null,
        appliedMigrations: () => appliedMigrations(pool).catch(rethrown),
        async migrate() {
          const applied = await migrate({ pool, migrations: migrationsOf('postgres'), now, newEpoch: ownEpoch });
          await look().catch(rethrown);
          return applied;
        },
        counts: () => rowCounts(pool).catch(rethrown),
        sizes: () => databaseSizes(pool).catch(rethrown),
        diskUse: () => diskUse(pool).catch(rethrown),
        async close() {
          await own.close();
          await pool.end();
        },
      },
      { now, random, log },
    );
    if (isReady) await large.sweep(own.isAlone);
    await own.settle();
    return opened;
  } catch (error) {
    await line?.close();
    await pool.end();
    throw postgresError(error);
  }

  function ownEpoch(): string {
    return newEpoch(random);
  }

  /** Whether it is the database it was. */
  function look(): Promise<void> {
    return noticeRestore({ pool, newEpoch: ownEpoch, log });
  }

  /** After a time in which nothing was heard: how far every athlete is. */
  async function tellAnew(): Promise<void> {
    try {
      await look();
      const { rows } = await pool.query<{ athleteId: string; rev: number }>(
        'select athlete_id as "athleteId", rev from athlete',
      );
      announcer.announce({ revs: new Map(rows.map((row) => [row.athleteId, row.rev])), jobs: true, objects: 0 });
    } catch (error) {
      log.warn('what other processes did meanwhile is not known', { error: failureText(error) });
    }
  }
}
