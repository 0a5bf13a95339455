/** The driver for Node: desktop apps, scripts and tests. */
import Database from 'better-sqlite3';
import { CoachError } from '../coach-error.ts';
import type { Driver, Sql, SqlValue } from '../driver.ts';

/** Milliseconds to wait for another process that holds the file. */
const BUSY_TIMEOUT_MS = 5_000;

/** `PRAGMA synchronous` as a number: every commit is flushed to the disk. */
const FULL = 2;

/** Pages the log may have before it is folded into the file: 16 MB, so that saves seldom wait for that. */
const WAL_PAGES = 4_000;

export interface BetterSqlite3Driver extends Driver {
  close(): Promise<void>;
}

/**
 * Opens (or creates) the file of one athlete.
 *
 * @throws CoachError `database_unsafe` when the file cannot be put into WAL mode, as with `:memory:`.
 */
export function openBetterSqlite3(path: string): BetterSqlite3Driver {
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  const mode = db.pragma('journal_mode = WAL', { simple: true });
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
  if (mode !== 'wal' || db.pragma('synchronous', { simple: true }) !== FULL) {
    db.close();
    throw new CoachError('database_unsafe', {
      what: `The database ${path} was not opened.`,
      why: `Its journal mode is "${mode}", so a change the athlete saved could be lost in a power cut.`,
      fix: 'Use a file on a local disk.',
    });
  }

  const statements = new Map<string, Database.Statement<SqlValue[]>>();
  const prepared = (text: string): Database.Statement<SqlValue[]> => {
    const cached = statements.get(text);
    if (cached) return cached;
    const statement = db.prepare<SqlValue[]>(text);
    statements.set(text, statement);
    return statement;
  };
  const sql: Sql = {
    exec: async (text) => void db.exec(text),
    run: async (text, params = []) => void prepared(text).run(...params),
    all: async <Row>(text: string, params: SqlValue[] = []) => prepared(text).all(...params) as Row[],
  };

  return {
    ...sql,
    async transaction(work) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const value = await work(sql);
        db.exec('COMMIT');
        return value;
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    async close() {
      db.close();
    },
  };
}
