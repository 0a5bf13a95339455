import type { Migration } from './migration.ts';

/** 0008: bytes up to 64 KiB, by athlete and hash; larger ones are files. A rowid table: the rows are large. */
export const blob: Migration = {
  name: '0008-blob',
  since: '0.1.0',
  async up(db, { bytes }) {
    await db.schema
      .createTable('blob')
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('sha256', 'text', (col) => col.notNull())
      .addColumn('bytes', 'bigint', (col) => col.notNull())
      .addColumn('body', bytes, (col) => col.notNull())
      .addPrimaryKeyConstraint('blob_pk', ['athlete_id', 'sha256'])
      .execute();
  },
  async down(db) {
    await db.schema.dropTable('blob').execute();
  },
};
