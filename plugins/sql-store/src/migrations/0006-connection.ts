import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** 0006: links to providers, consents under way, who works on what, and who did what. */
export const connection: Migration = {
  name: '0006-connection',
  since: '0.1.0',
  async up(db, { serial, keyed }) {
    await db.schema
      .createTable('connection')
      .addColumn('connection_id', 'text', (col) => col.primaryKey().notNull())
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('plugin', 'text', (col) => col.notNull())
      .addColumn('state', 'text', (col) => col.notNull())
      .addColumn('generation', 'bigint', (col) => col.notNull())
      .addColumn('identity', 'text')
      .addColumn('permissions', 'text', (col) => col.notNull())
      .addColumn('sealed_tokens', 'text')
      .addColumn('token_expires_at_ms', 'bigint')
      .addColumn('connected_at_ms', 'bigint')
      .addColumn('reason', 'text')
      .execute();
    await db.schema.createIndex('connection_by_athlete').on('connection').column('athlete_id').execute();
    // A notification names the provider's account; several athletes may share one.
    await db.schema
      .createIndex('connection_by_identity')
      .on('connection')
      .columns(['plugin', 'identity'])
      .where(sql.ref('state'), '=', 'connected')
      .execute();
    await db.schema
      .createTable('attempt')
      .addColumn('state_sha256', 'text', (col) => col.primaryKey().notNull())
      .addColumn('athlete_id', 'text', (col) => col.notNull())
      .addColumn('client_id', 'text')
      .addColumn('plugin', 'text', (col) => col.notNull())
      .addColumn('connection_id', 'text', (col) => col.notNull())
      .addColumn('sealed_verifier', 'text', (col) => col.notNull())
      .addColumn('redirect_uri', 'text', (col) => col.notNull())
      .addColumn('return_url', 'text')
      .addColumn('expires_at_ms', 'bigint', (col) => col.notNull())
      .execute();
    await db.schema.createIndex('attempt_by_expiry').on('attempt').column('expires_at_ms').execute();
    await db.schema
      .createTable('lease')
      .addColumn('name', 'text', (col) => col.primaryKey().notNull())
      .addColumn('owner', 'text', (col) => col.notNull())
      .addColumn('until_ms', 'bigint', (col) => col.notNull())
      .modifyEnd(keyed)
      .execute();
    await db.schema
      .createTable('audit')
      .addColumn('id', serial.type, serial.key)
      .addColumn('at_ms', 'bigint', (col) => col.notNull())
      .addColumn('athlete_id', 'text')
      .addColumn('actor', 'text', (col) => col.notNull())
      .addColumn('action', 'text', (col) => col.notNull())
      .addColumn('params', 'text', (col) => col.notNull())
      .execute();
    await db.schema.createIndex('audit_by_athlete').on('audit').columns(['athlete_id', 'id']).execute();
  },
  async down(db) {
    for (const table of ['audit', 'lease', 'attempt', 'connection']) await db.schema.dropTable(table).execute();
  },
};
