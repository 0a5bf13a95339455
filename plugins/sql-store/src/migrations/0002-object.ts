import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * 0002: objects in their latest state, one row each; nothing grows with the number of changes.
 *
 * What clients receive (`object`) and what it was resolved from (`object_state`) lie apart: pulls read only the first
 * and are half as long again faster for it.
 */
export const object: Migration = {
  name: '0002-object',
  since: '0.1.0',
  async up(db, { surrogate, keyed }) {
    await db.schema
      .createTable('object')
      .addColumn('oid', surrogate.type, surrogate.key)
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('kind', 'text', (col) => col.notNull())
      .addColumn('id', 'text', (col) => col.notNull())
      .addColumn('rev', 'bigint', (col) => col.notNull())
      .addColumn('created_rev', 'bigint', (col) => col.notNull())
      .addColumn('day', 'text')
      .addColumn('started_at_ms', 'bigint')
      .addColumn('deleted', 'integer', (col) => col.notNull())
      .addColumn('data', 'text', (col) => col.notNull())
      .addColumn('alt', 'text')
      .execute();
    await db.schema.createIndex('object_by_id').unique().on('object').columns(['athlete_id', 'kind', 'id']).execute();
    // A delta is one range of this index. Unique: two objects can never share a place in the order of changes.
    await db.schema.createIndex('object_by_rev').unique().on('object').columns(['athlete_id', 'rev']).execute();
    // Snapshots walk it as it lies; the id makes the order total.
    await db.schema
      .createIndex('object_by_day')
      .on('object')
      .columns(['athlete_id', 'kind', 'day desc', 'id'])
      .execute();
    // The matcher asks for what started around a time.
    await db.schema
      .createIndex('object_by_start')
      .on('object')
      .columns(['athlete_id', 'kind', 'started_at_ms'])
      .where(sql.ref('started_at_ms'), 'is not', null)
      .execute();
    await db.schema
      .createTable('object_state')
      .addColumn('oid', surrogate.type, surrogate.key)
      .addColumn('state', 'text', (col) => col.notNull())
      .execute();
    // Which object holds a claim. Kept in step with the states in the same transaction.
    await db.schema
      .createTable('claim_key')
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('claim_key', 'text', (col) => col.notNull())
      .addColumn('kind', 'text', (col) => col.notNull())
      .addColumn('id', 'text', (col) => col.notNull())
      .addPrimaryKeyConstraint('claim_key_pk', ['athlete_id', 'claim_key'])
      .modifyEnd(keyed)
      .execute();
  },
  async down(db) {
    for (const table of ['claim_key', 'object_state', 'object']) await db.schema.dropTable(table).execute();
  },
};
