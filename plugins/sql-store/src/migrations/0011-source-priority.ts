import type { Migration } from './migration.ts';

/** 0011: which source an athlete prefers lies beside their counter, since every view of theirs depends on it. */
export const sourcePriority: Migration = {
  name: '0011-source-priority',
  since: '0.1.0',
  async up(db) {
    await db.schema.alterTable('athlete').addColumn('source_priority', 'text').execute();
  },
  async down(db) {
    await db.schema.alterTable('athlete').dropColumn('source_priority').execute();
  },
};
