import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** 0007: the queue: work written in the transaction of the data it is about. */
export const job: Migration = {
  name: '0007-job',
  since: '0.1.0',
  async up(db, { serial }) {
    await db.schema
      .createTable('job')
      .addColumn('id', serial.type, serial.key)
      .addColumn('task', 'text', (col) => col.notNull())
      .addColumn('payload', 'text', (col) => col.notNull())
      .addColumn('key', 'text')
      .addColumn('lane', 'text')
      .addColumn('state', 'text', (col) => col.notNull())
      .addColumn('priority', 'integer', (col) => col.notNull())
      .addColumn('run_at_ms', 'bigint', (col) => col.notNull())
      .addColumn('attempts', 'integer', (col) => col.notNull())
      .addColumn('max_attempts', 'integer', (col) => col.notNull())
      .addColumn('claims', 'integer', (col) => col.notNull())
      .addColumn('lease_until_ms', 'bigint')
      .addColumn('last_error', 'text')
      .addColumn('died_at_ms', 'bigint')
      .execute();
    const state = sql.ref('state');
    // What to take next, within a priority. Priority first, so a backlog of history is not sorted at each look. Lane and
    // task are in it, so that jobs of a busy lane are passed over without reading their rows.
    await db.schema
      .createIndex('job_ready')
      .on('job')
      .columns(['priority', 'run_at_ms', 'id', 'lane', 'task'])
      .where(state, '=', 'ready')
      .execute();
    // One pending job per key.
    await db.schema.createIndex('job_key').unique().on('job').column('key').where(state, '=', 'ready').execute();
    await db.schema.createIndex('job_lane').on('job').column('lane').where(state, '=', 'running').execute();
    await db.schema.createIndex('job_lease').on('job').column('lease_until_ms').where(state, '=', 'running').execute();
    await db.schema.createIndex('job_dead').on('job').column('id').where(state, '=', 'dead').execute();
  },
  async down(db) {
    await db.schema.dropTable('job').execute();
  },
};
