import type { Migration } from './migration.ts';

/** 0013: where the epoch was at home last, so that a database that was restored by PostgreSQL's own tools is noticed. */
export const serverPlace: Migration = {
  name: '0013-server-place',
  since: '0.1.0',
  only: 'postgres',
  async up(db) {
    await db.schema.alterTable('server').addColumn('place', 'text').execute();
  },
  async down(db) {
    await db.schema.alterTable('server').dropColumn('place').execute();
  },
};
