import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** 0010: how many letters are open is asked at every scrape, and costs no look at the letters and their bodies. */
export const openLetters: Migration = {
  name: '0010-open-letters',
  since: '0.1.0',
  async up(db) {
    // The column of the condition as well: SQLite asks the table for it otherwise.
    await db.schema
      .createIndex('dead_letter_open')
      .on('dead_letter')
      .columns(['plugin', 'stage', 'code', 'replayed_at_ms'])
      .where(sql<boolean>`replayed_at_ms is null`)
      .execute();
  },
  async down(db) {
    await db.schema.dropIndex('dead_letter_open').execute();
  },
};
