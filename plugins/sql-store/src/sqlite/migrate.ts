/** Brings a database to the schema of this code, or refuses one that is newer. */
import BetterSqlite3 from 'better-sqlite3';
import type { AppliedMigration, Migration } from '../migrations/migration.ts';
import { refuseNewer } from '../migrations/refuse-newer.ts';
import { statementsOf } from '../migrations/statements-of.ts';
import type { Sqlite } from './open-sqlite.ts';
import { sqliteError } from './sqlite-error.ts';
import { sqliteSchema } from './sqlite-spelling.ts';

/** Longer than other writes wait: the process that came first may be building an index. */
const WAIT_FOR_OTHER_MS = 60_000;

const MIGRATION_TABLE =
  'create table if not exists migration (name text primary key, version text not null, applied_at_ms bigint not null)';

export interface MigrateDeps {
  path: string;
  migrations: readonly Migration[];
  now: () => number;
  /** The server's epoch, should there be none yet. */
  newEpoch: () => string;
}

/**
 * Applies what is pending, all or nothing, and returns the names.
 *
 * The lock is taken before the list of applied ones is read, so of two processes that start at once the second finds
 * all done. The statements are written before it is taken: kysely is asynchronous, and nothing is awaited under a lock.
 */
export async function migrate({ path, migrations, now, newEpoch }: MigrateDeps): Promise<string[]> {
  const written: Written[] = [];
  for (const each of migrations) written.push({ ...each, statements: await statementsOf(each.up, sqliteSchema) });
  const sqlite = new BetterSqlite3(path, { timeout: WAIT_FOR_OTHER_MS });
  try {
    sqlite.pragma('synchronous = FULL');
    return sqlite.transaction(() => applyPending(sqlite, written, now(), newEpoch)).immediate();
  } catch (error) {
    throw sqliteError(error);
  } finally {
    sqlite.close();
  }
}

type Written = Pick<Migration, 'name' | 'since'> & { statements: string[] };

function applyPending(sqlite: Sqlite, migrations: Written[], nowMs: number, newEpoch: () => string): string[] {
  sqlite.exec(MIGRATION_TABLE);
  const applied = appliedMigrations(sqlite);
  refuseNewer(applied, migrations);
  const pending = migrations.filter(({ name }) => !applied.some((each) => each.name === name));
  const record = sqlite.prepare('insert into migration (name, version, applied_at_ms) values (?, ?, ?)');
  for (const { name, since, statements } of pending) {
    for (const each of statements) sqlite.exec(each);
    record.run(name, since, nowMs);
  }
  sqlite.prepare('insert into server (one, epoch) values (1, ?) on conflict do nothing').run(newEpoch());
  return pending.map(({ name }) => name);
}

/** Oldest first; none for a database that was never migrated. */
export function appliedMigrations(sqlite: Sqlite): AppliedMigration[] {
  const known = sqlite.prepare("select 1 from sqlite_master where type = 'table' and name = 'migration'").get();
  if (!known) return [];
  return sqlite
    .prepare<[], AppliedMigration>('select name, version, applied_at_ms as "appliedAtMs" from migration order by name')
    .all();
}
