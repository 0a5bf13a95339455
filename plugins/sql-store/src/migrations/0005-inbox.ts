import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** 0005: what came in: requests until they are split, the envelopes they were split into, and what could not be read. */
export const inbox: Migration = {
  name: '0005-inbox',
  since: '0.1.0',
  async up(db, { serial, bytes, keyed }) {
    // Serial: the id is part of receipt numbers, and a split delivery's row is gone.
    await db.schema
      .createTable('delivery')
      .addColumn('id', serial.type, serial.key)
      .addColumn('plugin', 'text', (col) => col.notNull())
      .addColumn('route', 'text', (col) => col.notNull())
      .addColumn('headers', 'text', (col) => col.notNull())
      .addColumn('body', bytes)
      .addColumn('blob_sha256', 'text')
      .addColumn('bytes', 'bigint', (col) => col.notNull())
      .addColumn('received_at_ms', 'bigint', (col) => col.notNull())
      .addColumn('context', 'text')
      .addColumn('repeats_id', 'bigint')
      .execute();
    await db.schema
      .createTable('envelope')
      .addColumn('id', serial.type, serial.key)
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('plugin', 'text', (col) => col.notNull())
      .addColumn('connection_id', 'text')
      .addColumn('generation', 'bigint', (col) => col.notNull())
      .addColumn('stream', 'text', (col) => col.notNull())
      .addColumn('external_id', 'text')
      .addColumn('sha256', 'text', (col) => col.notNull())
      .addColumn('body', bytes)
      .addColumn('blob_sha256', 'text')
      .addColumn('bytes', 'bigint', (col) => col.notNull())
      .addColumn('received_at_ms', 'bigint', (col) => col.notNull())
      .addColumn('ref', 'text', (col) => col.notNull())
      .addColumn('receipt', 'bigint', (col) => col.notNull())
      .addColumn('state', 'text', (col) => col.notNull())
      .addColumn('notes', 'text')
      .execute();
    // The same statement of the same source is stored once per authorisation.
    await db.schema
      .createIndex('envelope_once')
      .unique()
      .on('envelope')
      .expression(
        sql`plugin, coalesce(connection_id, athlete_id), generation, stream, coalesce(external_id, ''), sha256`,
      )
      .execute();
    // The few that wait, in order of receipt; and the few that failed, for `doctor`.
    for (const state of ['new', 'dead']) {
      await db.schema
        .createIndex(`envelope_${state}`)
        .on('envelope')
        .column('receipt')
        .where(sql.ref('state'), '=', state)
        .execute();
    }
    // Erasing: by connection, and what an athlete's envelopes still name.
    await db.schema.createIndex('envelope_by_connection').on('envelope').column('connection_id').execute();
    await db.schema.createIndex('envelope_by_athlete').on('envelope').column('athlete_id').execute();
    await db.schema
      .createTable('notice')
      .addColumn('plugin', 'text', (col) => col.notNull())
      .addColumn('connection_id', 'text', (col) => col.notNull())
      .addColumn('generation', 'bigint', (col) => col.notNull())
      .addColumn('sha256', 'text', (col) => col.notNull())
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('received_at_ms', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint('notice_pk', ['plugin', 'connection_id', 'generation', 'sha256'])
      .modifyEnd(keyed)
      .execute();
    await db.schema
      .createTable('dead_letter')
      .addColumn('id', serial.type, serial.key)
      .addColumn('plugin', 'text', (col) => col.notNull())
      .addColumn('stage', 'text', (col) => col.notNull())
      .addColumn('code', 'text', (col) => col.notNull())
      .addColumn('detail', 'text', (col) => col.notNull())
      .addColumn('athlete_id', 'text')
      .addColumn('connection_id', 'text')
      .addColumn('body', bytes)
      .addColumn('blob_sha256', 'text')
      .addColumn('envelope_id', 'bigint')
      .addColumn('replay', 'text', (col) => col.notNull())
      .addColumn('at_ms', 'bigint', (col) => col.notNull())
      .addColumn('replayed_at_ms', 'bigint')
      .execute();
  },
  async down(db) {
    for (const table of ['dead_letter', 'notice', 'envelope', 'delivery']) await db.schema.dropTable(table).execute();
  },
};
