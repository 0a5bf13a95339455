/** The tables of an athlete's file. The file is the SDK's own: the app gives it one to itself. */
import { CoachError } from '../coach-error.ts';
import type { Sql } from '../driver.ts';

const SCHEMA = 2;

/** What schema 2 added. */
const LEASE = `CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT NOT NULL, until INTEGER NOT NULL);
PRAGMA user_version = ${SCHEMA}`;

/**
 * - `outbox`: changes the hub has not settled, oldest first. `seq` is null until an entry is first sent; from then on
 *   `body` holds the id it was sent under and never changes, so that a resend is the same mutation.
 * - `journal`: settled, but not known to be in a backup of the hub.
 * - `dead_letter`: what the hub refused for good, until the app retries or discards it.
 * - `object`: `server_json` is the hub's view as it came, unknown fields included; null before the hub has the object.
 *   `row_json` is what the app sees while changes are pending (`null` as JSON: deleted); NULL when none are. `day` is
 *   that of what the app sees. `gen` is the snapshot generation the row was last seen in.
 * - `alias`: ids that turned out to be another object's.
 * - `lease`: who syncs just now.
 */
const TABLES = `
CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (pos INTEGER PRIMARY KEY, seq INTEGER, mid TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX outbox_by_seq ON outbox (seq) WHERE seq IS NOT NULL;
CREATE INDEX outbox_by_object ON outbox (kind, id);
CREATE TABLE journal (n INTEGER PRIMARY KEY, client_id TEXT NOT NULL, seq INTEGER NOT NULL, acked_at INTEGER NOT NULL, mid TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE dead_letter (mid TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, code TEXT NOT NULL, detail TEXT, at INTEGER NOT NULL);
CREATE TABLE object (kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, day TEXT, gen INTEGER NOT NULL, server_json TEXT, row_json TEXT, PRIMARY KEY (kind, id));
CREATE INDEX object_by_day ON object (kind, day);
CREATE TABLE alias (kind TEXT NOT NULL, old_id TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, old_id)) WITHOUT ROWID;
${LEASE}`;

/** Creates the tables in a new file; refuses one that a newer SDK wrote. */
export async function createTables(sql: Sql): Promise<void> {
  const [row] = await sql.all<{ user_version: number }>('PRAGMA user_version');
  const found = row?.user_version ?? 0;
  if (found > SCHEMA) {
    throw new CoachError('database_too_new', {
      what: "The athlete's file was not opened.",
      why: `It has schema ${found}; this SDK knows ${SCHEMA}.`,
      fix: 'Install the newer app again.',
    });
  }
  if (found === 0) await sql.exec(TABLES);
  else if (found === 1) await sql.exec(LEASE);
}
