import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { FILE_MODE, FOLDER_MODE } from '../files/folders.ts';
import { assertDriverFits } from './driver-fit.ts';

export type Sqlite = BetterSqlite3.Database;

/** How long a connection waits for another process before it answers `database_busy`. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Makes the folder, and its parents, when missing. One that exists keeps the mode its owner gave it. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
}

/**
 * The connection that writes. There is one per process, because SQLite has one writer at a time anyway.
 *
 * Synchronous FULL: acknowledged means on disk, through a power cut too.
 */
export function openForWriting(path: string): Sqlite {
  assertDriverFits();
  makeFolder(dirname(path));
  createPrivate(path);
  const sqlite = new BetterSqlite3(path, { timeout: BUSY_TIMEOUT_MS });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = OFF');
  return sqlite;
}

/** A connection that only reads: it sees what is committed and waits for no writer. */
export function openForReading(path: string): Sqlite {
  assertDriverFits();
  return new BetterSqlite3(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
}

/** Makes the file when it is missing, before SQLite does, for the mode: its -wal and -shm files get the same one. */
export function createPrivate(path: string): void {
  if (existsSync(path)) return;
  closeSync(openSync(path, 'a', FILE_MODE));
  chmodSync(path, FILE_MODE);
}
