/**
 * Whether the database is another one than the hub knew: restored from a dump or a base backup, cloned, or promoted from a
 * standby that may lack the last commits. What phones were told may be gone from it, so it gets a new epoch.
 */
import type { Log } from '@coach-hub/core';
import type pg from 'pg';
import { HUB_LOCKS, SCHEMA_LOCK } from './locks.ts';
import { inTransaction } from './transaction.ts';

/**
 * Each cluster has a number of its own, a dump makes another database, and a base backup or a promotion another timeline. The
 * timeline is read off the log that is being written: the control file tells of a promotion only after a checkpoint.
 */
const PLACE = `
  select system.system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '/' || own.oid as place
  from pg_control_system() as system, pg_database as own
  where own.datname = current_database()`;

export interface NoticeDeps {
  pool: pg.Pool;
  newEpoch: () => string;
  log: Log;
}

/** Of a database with all migrations. Several processes may ask at once: one of them gives the epoch. */
export async function noticeRestore({ pool, newEpoch, log }: NoticeDeps): Promise<void> {
  const moved = await inTransaction(pool, 'begin', async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', [HUB_LOCKS, SCHEMA_LOCK]);
    const { place } = (await client.query<{ place: string }>(PLACE)).rows[0]!;
    const known = (await client.query<{ place: string | null }>('select place from server where one = 1')).rows[0];
    if (known === undefined || known.place === place) return null;
    await client.query('update server set place = $1', [place]);
    // The first time it is looked at.
    if (known.place === null) return null;
    await client.query('update server set epoch = $1', [newEpoch()]);
    // Who held these is not at work here.
    await client.query('delete from lease');
    await client.query("update job set lease_until_ms = 0 where state = 'running'");
    return { was: known.place, is: place };
  });
  if (moved) log.warn('the database was restored, cloned or failed over: phones read anew', moved);
}
