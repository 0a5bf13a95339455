import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** 0004: installations of the app, how far their changes are settled, and what each mutation was answered. */
export const client: Migration = {
  name: '0004-client',
  since: '0.1.0',
  async up(db, { keyed }) {
    // The client id alone is the key: it is bound to one athlete for ever.
    await db.schema
      .createTable('client')
      .addColumn('client_id', 'text', (col) => col.primaryKey().notNull())
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('ack_seq', 'bigint', (col) => col.notNull().defaultTo(0))
      .addColumn('durable_seq', 'bigint', (col) => col.notNull().defaultTo(0))
      .addColumn('served_rev', 'bigint', (col) => col.notNull().defaultTo(0))
      .addColumn('schema_version', 'integer')
      .addColumn('last_seen_ms', 'bigint', (col) => col.notNull())
      .modifyEnd(keyed)
      .execute();
    // Every change of an athlete asks for the largest rev any of their clients was given.
    await db.schema.createIndex('client_by_athlete').on('client').columns(['athlete_id', 'served_rev']).execute();
    await db.schema
      .createTable('mutation')
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('mid', 'text', (col) => col.notNull())
      .addColumn('client_id', 'text', (col) => col.notNull())
      .addColumn('seq', 'bigint')
      .addColumn('body_sha256', 'text', (col) => col.notNull())
      .addColumn('result', 'text', (col) => col.notNull())
      .addColumn('at_ms', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint('mutation_pk', ['athlete_id', 'mid'])
      .modifyEnd(keyed)
      .execute();
    // Two phones that use one client id show here: the seq is taken by another mid.
    await db.schema
      .createIndex('mutation_by_seq')
      .unique()
      .on('mutation')
      .columns(['client_id', 'seq'])
      .where(sql.ref('seq'), 'is not', null)
      .execute();
    await db.schema
      .createTable('dead_mutation')
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('mid', 'text', (col) => col.notNull())
      .addColumn('client_id', 'text', (col) => col.notNull())
      .addColumn('code', 'text', (col) => col.notNull())
      .addColumn('body', 'text', (col) => col.notNull())
      .addColumn('at_ms', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint('dead_mutation_pk', ['athlete_id', 'mid'])
      .execute();
  },
  async down(db) {
    for (const table of ['dead_mutation', 'mutation', 'client']) await db.schema.dropTable(table).execute();
  },
};
