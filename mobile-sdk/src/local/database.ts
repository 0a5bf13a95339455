/** The one way to the athlete's file: everything waits its turn, so nothing lands in somebody else's transaction. */
import type { Kind } from '@coach-hub/core/wire';
import type { Driver, Sql } from '../driver.ts';

/** A transaction under way. Whoever changes what the app sees of a kind adds it to `touched`. */
export interface Tx {
  sql: Sql;
  touched: Set<Kind>;
}

export interface LocalDatabase {
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Resolves when the work in hand is done. */
  idle(): Promise<void>;
}

/**
 * @param open runs first, in a transaction of its own; when it rejects, so does every later call.
 * @param committed is told the kinds a transaction touched, after its commit.
 */
export function openDatabase(
  driver: Driver,
  open: (tx: Tx) => Promise<void>,
  committed: (kinds: Set<Kind>) => void,
): LocalDatabase {
  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const touched = new Set<Kind>();
    const value = await driver.transaction((sql) => work({ sql, touched }));
    if (touched.size > 0) committed(touched);
    return value;
  };
  const opened = transaction(open);
  let tail: Promise<unknown> = opened.catch(() => undefined);

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(() => opened).then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };
  return {
    read: (work) => inTurn(() => work(driver)),
    write: (work) => inTurn(() => transaction(work)),
    async idle() {
      await tail;
    },
  };
}
