import type { Migration } from './migration.ts';

/** 0003: ids of objects that were joined into another, so a phone that still holds the old one is told the new one. */
export const alias: Migration = {
  name: '0003-alias',
  since: '0.1.0',
  async up(db, { keyed }) {
    await db.schema
      .createTable('alias')
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('kind', 'text', (col) => col.notNull())
      .addColumn('old_id', 'text', (col) => col.notNull())
      .addColumn('object_id', 'text', (col) => col.notNull())
      .addColumn('rev', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint('alias_pk', ['athlete_id', 'kind', 'old_id'])
      .modifyEnd(keyed)
      .execute();
    // Delta sync asks for one athlete's aliases after rev N.
    await db.schema.createIndex('alias_by_rev').unique().on('alias').columns(['athlete_id', 'rev']).execute();
  },
  async down(db) {
    await db.schema.dropTable('alias').execute();
  },
};
