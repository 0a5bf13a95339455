/**
 * Whether the database is another one than the hub knew: restored from a dump or a base backup, cloned, or promoted from a
 * standby that may lack the last commits. What phones were told may be gone from it, so it gets a new epoch.
 */
import type { Log } from '@coach-hub/core';
import type pg from 'pg';
import { HUB_LOCKS, SCHEMA_LOCK } from './locks.ts';

/** A dump makes another database, a base backup another timeline; each cluster has a number of its own. */
const PLACE = `
  select system.system_identifier || '/' || control.timeline_id || '/' || own.oid as place
  from pg_control_system() as system, pg_control_checkpoint() as control, pg_database as own
  where own.datname = current_database()`;

export interface NoticeDeps {
  pool: pg.Pool;
  newEpoch: () => string;
  log: Log;
}

/** Of a database with all migrations. Several processes may ask at once: one of them gives the epoch. */
export async function noticeRestore({ pool, newEpoch, log }: NoticeDeps): Promise<void> {
  const client = await pool.connect();
  let lost: Error | undefined;
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1, $2)', [HUB_LOCKS, SCHEMA_LOCK]);
    const { place } = (await client.query<{ place: string }>(PLACE)).rows[0]!;
    const known = (await client.query<{ place: string | null }>('select place from server where one = 1')).rows[0];
    if (known && known.place !== place) {
      await client.query('update server set place = $1', [place]);
      if (known.place !== null) {
        await client.query('update server set epoch = $1', [newEpoch()]);
        // Who held these is not at work here.
        await client.query('delete from lease');
        await client.query("update job set lease_until_ms = 0 where state = 'running'");
        log.warn('the database was restored, cloned or failed over: phones read anew', { was: known.place, is: place });
      }
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch((cause) => {
      lost = cause;
    });
    throw error;
  } finally {
    client.release(lost);
  }
}
