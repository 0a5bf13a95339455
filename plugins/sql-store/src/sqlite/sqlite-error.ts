import { HubError } from '@coach-hub/core';
import BetterSqlite3 from 'better-sqlite3';
import { migrationsPending } from '../database/migrations-pending.ts';

/** A failure of SQLite in words an operator can act on; every other error as it is. */
export function sqliteError(error: unknown): unknown {
  if (!(error instanceof BetterSqlite3.SqliteError)) return error;
  const cause = { cause: error };
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new HubError(
      'database_busy',
      {
        what: 'The database could not be written.',
        why: 'Another process has held its lock for longer than the hub waits.',
        fix: 'Wait for the other process, or stop it, and try again.',
      },
      cause,
    );
  }
  if (error.message.includes('no such table') || error.message.includes('no such column')) {
    return migrationsPending(error);
  }
  if (error.code === 'SQLITE_NOTADB') {
    return new HubError(
      'config_invalid',
      {
        what: 'The file coach.db in the data folder is no database.',
        why: 'SQLite does not know its format.',
        fix: 'Name another data folder, or move the file away.',
      },
      cause,
    );
  }
  if (error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR')) return commitFailed(error);
  return new HubError(
    'internal',
    {
      what: 'A statement failed in the database.',
      why: `SQLite answered ${error.code}.`,
      fix: 'Nothing of this change was stored. The log holds the cause; please report it.',
    },
    cause,
  );
}

/** What every member of a group gets whose commit failed: nothing is stored, and trying again is right. */
export function commitFailed(error: unknown): HubError {
  const code = error instanceof BetterSqlite3.SqliteError ? error.code : 'an unknown error';
  return new HubError(
    'busy',
    {
      what: 'The change was not stored.',
      why: `SQLite could not write: ${code}.`,
      fix: 'Try again shortly. When it lasts, look for a full or failing disk.',
    },
    { cause: error },
  );
}
