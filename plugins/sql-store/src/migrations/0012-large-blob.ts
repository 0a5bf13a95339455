import type { Migration } from './migration.ts';

/** 0012: where there is no folder beside the database, large bytes are rows of 256 KiB. */
export const largeBlob: Migration = {
  name: '0012-large-blob',
  since: '0.1.0',
  only: 'postgres',
  async up(db, { bytes }) {
    await db.schema
      .createTable('large_blob')
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('sha256', 'text', (col) => col.notNull())
      .addColumn('draft', 'text', (col) => col.notNull())
      .addColumn('bytes', 'bigint', (col) => col.notNull())
      .addColumn('stored_at_ms', 'bigint', (col) => col.notNull())
      .addPrimaryKeyConstraint('large_blob_pk', ['athlete_id', 'sha256'])
      .execute();
    await db.schema
      .createTable('blob_part')
      .addColumn('draft', 'text', (col) => col.notNull())
      .addColumn('part', 'integer', (col) => col.notNull())
      .addColumn('body', bytes, (col) => col.notNull())
      .addPrimaryKeyConstraint('blob_part_pk', ['draft', 'part'])
      .execute();
    // Parts of what is not whole yet: what a process that was killed leaves is found here.
    await db.schema
      .createTable('blob_draft')
      .addColumn('draft', 'text', (col) => col.primaryKey().notNull())
      .addColumn('touched_at_ms', 'bigint', (col) => col.notNull())
      .execute();
  },
  async down(db) {
    for (const table of ['blob_draft', 'blob_part', 'large_blob']) await db.schema.dropTable(table).execute();
  },
};
