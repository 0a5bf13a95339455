import { HubError } from '@coach-hub/core';
import pg from 'pg';
import { migrationsPending } from '../database/migrations-pending.ts';

/** Another transaction was in the way; running the work again finds what that one did. */
const IN_THE_WAY = new Set(['40001', '40P01', '23505']);
const LOCK_TIMEOUT = '55P03';
const NO_SUCH_TABLE_OR_COLUMN = new Set(['42P01', '42703']);
/** Wrong password, no such user, no such database, no right to it. */
const NOT_ALLOWED = new Set(['28P01', '28000', '3D000', '42501']);
/** A standby, or a server that is about to become more than one. */
const READ_ONLY = new Set(['25006', '55000']);
/** Classes of codes: connection lost, no room or memory, being stopped, disk. */
const UNAVAILABLE = new Set(['08', '53', '57', '58']);
/** What the socket says. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** What the driver says without a code. */
const LOST = /^(?:Connection terminated|timeout exceeded when|Client (?:has encountered|was closed)|Cannot use a pool)/;

export function isWorthRunningAgain(error: unknown): boolean {
  return IN_THE_WAY.has(codeOf(error));
}

/** A failure of PostgreSQL, or of the way to it, in words an operator can act on; every other error as it is. */
export function postgresError(error: unknown): unknown {
  if (error instanceof HubError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (error instanceof pg.DatabaseError) return ofDatabase(error, code);
  if (UNREACHABLE.has(code) || LOST.test(error.message)) return unreachable(error);
  return error;
}

/** For `catch`. */
export function rethrown(error: unknown): never {
  throw postgresError(error);
}

function ofDatabase(error: Error, code: string): HubError {
  const cause = { cause: error };
  if (IN_THE_WAY.has(code) || code === LOCK_TIMEOUT) {
    return new HubError(
      'database_busy',
      {
        what: 'The database could not be written.',
        why: `Another transaction stood in the way for longer than the hub waits (PostgreSQL ${code}).`,
        fix: 'Try again shortly. When it lasts, look in pg_stat_activity for a transaction that was left open.',
      },
      cause,
    );
  }
  if (NO_SUCH_TABLE_OR_COLUMN.has(code)) return migrationsPending(error);
  if (NOT_ALLOWED.has(code)) {
    return new HubError(
      'config_invalid',
      {
        what: 'The database was not opened.',
        why: `PostgreSQL refuses user, password or database (${code}).`,
        fix: 'Check the address. The database has to exist, and its user has to be allowed to create tables in it.',
      },
      cause,
    );
  }
  if (UNAVAILABLE.has(code.slice(0, 2)) || READ_ONLY.has(code)) return unreachable(error);
  return new HubError(
    'internal',
    {
      what: 'A statement failed in the database.',
      why: `PostgreSQL answered ${code}.`,
      fix: 'Nothing of this change was stored. The log holds the cause; please report it.',
    },
    cause,
  );
}

/** Sent again, a change is stored once: whether the lost commit happened is found out then. */
function unreachable(error: Error): HubError {
  return new HubError(
    'busy',
    {
      what: 'The database does not answer.',
      why: `PostgreSQL cannot be reached, or cannot write now (${codeOf(error) || 'the connection was lost'}).`,
      fix: 'Try again shortly. When it lasts, look whether PostgreSQL runs and can be reached from here.',
    },
    { cause: error },
  );
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
