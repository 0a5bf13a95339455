/** Brings a PostgreSQL database to the schema of this code. */
import type pg from 'pg';
import type { AppliedMigration, Migration } from '../migrations/migration.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { statementsOf } from '../migrations/statements-of.ts';
import { HUB_LOCKS, SCHEMA_LOCK } from './locks.ts';
import { rethrown } from './postgres-error.ts';
import { postgresSchema } from './postgres-spelling.ts';
import { inTransaction } from './transaction.ts';

const MIGRATION_TABLE = `create table if not exists migration (
  name text collate "C" primary key, version text not null, applied_at_ms bigint not null)`;

export interface MigrateDeps {
  pool: pg.Pool;
  migrations: readonly Migration[];
  now: () => number;
  /** The server's epoch, should there be none yet. */
  newEpoch: () => string;
}

/**
 * Applies what is pending, all or nothing, and returns the names.
 *
 * The lock is taken before the list of applied ones is read, so of two processes that start at once the second finds
 * all done.
 */
export function migrate({ pool, migrations, now, newEpoch }: MigrateDeps): Promise<string[]> {
  return inTransaction(pool, 'begin', async (client) => {
    // The process that came first may be building an index.
    await client.query('set local lock_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1, $2)', [HUB_LOCKS, SCHEMA_LOCK]);
    await client.query(MIGRATION_TABLE);
    const applied = await appliedMigrations(client);
    refuseNewer(applied, migrations);
    const pending = migrations.filter(({ name }) => !applied.some((each) => each.name === name));
    for (const { name, since, up } of pending) {
      for (const each of await statementsOf(up, postgresSchema)) await client.query(each);
      const record = 'insert into migration (name, version, applied_at_ms) values ($1, $2, $3)';
      await client.query(record, [name, since, now()]);
    }
    await client.query('insert into server (one, epoch) values (1, $1) on conflict do nothing', [newEpoch()]);
    return pending.map(({ name }) => name);
  }).catch(rethrown);
}

/** Oldest first; none for a database that was never migrated. */
export async function appliedMigrations(
  connection: Pick<pg.Pool | pg.PoolClient, 'query'>,
): Promise<AppliedMigration[]> {
  const known = await connection.query<{ found: string | null }>("select to_regclass('migration')::text as found");
  if (known.rows[0]?.found === null) return [];
  const { rows } = await connection.query<AppliedMigration>(
    'select name, version, applied_at_ms as "appliedAtMs" from migration order by name',
  );
  return rows;
}
