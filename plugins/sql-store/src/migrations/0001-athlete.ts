import type { Migration } from './migration.ts';

/** 0001: athletes with the counter that orders their changes, who they are to the app's tokens, and the server's epoch. */
export const athlete: Migration = {
  name: '0001-athlete',
  since: '0.1.0',
  async up(db, { keyed }) {
    await db.schema
      .createTable('athlete')
      .addColumn('athlete_id', 'text', (col) => col.primaryKey().notNull())
      .addColumn('epoch_n', 'bigint', (col) => col.notNull().defaultTo(0))
      .addColumn('rev', 'bigint', (col) => col.notNull().defaultTo(0))
      .addColumn('floor', 'bigint', (col) => col.notNull().defaultTo(0))
      .addColumn('time_zone', 'text')
      .modifyEnd(keyed)
      .execute();
    await db.schema
      .createTable('subject')
      .addColumn('issuer', 'text', (col) => col.notNull())
      .addColumn('subject', 'text', (col) => col.notNull())
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addPrimaryKeyConstraint('subject_pk', ['issuer', 'subject'])
      .modifyEnd(keyed)
      .execute();
    // One row: the epoch is part of every cursor, so a restored backup is noticed.
    await db.schema
      .createTable('server')
      .addColumn('one', 'integer', (col) => col.primaryKey())
      .addColumn('epoch', 'text', (col) => col.notNull())
      .execute();
    await db.schema
      .createTable('counter')
      .addColumn('name', 'text', (col) => col.primaryKey().notNull())
      .addColumn('value', 'bigint', (col) => col.notNull())
      .modifyEnd(keyed)
      .execute();
  },
  async down(db) {
    for (const table of ['counter', 'server', 'subject', 'athlete']) await db.schema.dropTable(table).execute();
  },
};
