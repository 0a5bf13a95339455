/**
 * Whether another process has the data folder open. Who is alone may clear up after processes that were killed.
 *
 * Every process holds a shared lock on a file of its own beside the database, from opening to closing. The system
 * takes the locks of a process that dies, so a lock says more than a process id or a time in a row could.
 */
import BetterSqlite3 from 'better-sqlite3';
import { assertDriverFits } from './driver-fit.ts';
import { BUSY_TIMEOUT_MS, createPrivate } from './open-sqlite.ts';

export interface Presence {
  /** True when no other process had the folder open. None comes in before `settle`. */
  isAlone: boolean;
  /** Ends the time alone: from now on others may open the folder too. */
  settle(): void;
  leave(): void;
}

export function enterFolder(path: string): Presence {
  assertDriverFits();
  createPrivate(path);
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  try {
    // With a -wal file readers would not keep a writer out. Who is alone has seen to it already, and lets nobody look.
    tryNow(() => sqlite.pragma('journal_mode = DELETE'));
    const isAlone = tryNow(() => sqlite.exec('begin exclusive'));
    return {
      isAlone,
      settle() {
        if (isAlone) sqlite.exec('commit');
        // Somebody who comes in after us may be alone for a moment, as far as the lock tells.
        sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
        sqlite.exec('begin');
        sqlite.prepare('select count(*) from sqlite_master').get();
      },
      leave() {
        sqlite.close();
      },
    };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** False where another process holds a lock that does not allow it now. */
function tryNow(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
