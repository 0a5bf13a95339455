import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** 0009: what has to be known to let bytes go in time, to read envelopes anew, and to replay a part of a delivery. */
export const retention: Migration = {
  name: '0009-retention',
  since: '0.1.0',
  async up(db) {
    // Envelopes from before are taken as read by an older mapping: reading one anew changes nothing that is right.
    await db.schema
      .alterTable('envelope')
      .addColumn('mapping_version', 'bigint', (col) => col.notNull().defaultTo(0))
      .execute();
    // Newest first, passing over what the present mapping has read without a look at the row and its bytes.
    await db.schema
      .createIndex('envelope_by_receipt')
      .on('envelope')
      .columns(['plugin', 'receipt', 'mapping_version'])
      .execute();
    // Bytes by age. An envelope without bytes leaves it.
    await db.schema
      .createIndex('envelope_kept')
      .on('envelope')
      .columns(['plugin', 'stream', 'received_at_ms'])
      .where(sql<boolean>`body is not null or blob_sha256 is not null`)
      .execute();
    await db.schema.alterTable('delivery').addColumn('repeats_place', 'bigint').execute();
    // When bytes were last put. Of those from before nothing is known: they are old.
    await db.schema
      .alterTable('blob')
      .addColumn('stored_at_ms', 'bigint', (col) => col.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex('blob_by_age').on('blob').columns(['athlete_id', 'stored_at_ms', 'sha256']).execute();
  },
  async down(db) {
    for (const index of ['blob_by_age', 'envelope_kept', 'envelope_by_receipt']) {
      await db.schema.dropIndex(index).execute();
    }
    await db.schema.alterTable('blob').dropColumn('stored_at_ms').execute();
    await db.schema.alterTable('delivery').dropColumn('repeats_place').execute();
    await db.schema.alterTable('envelope').dropColumn('mapping_version').execute();
  },
};
