import { createHash } from 'node:crypto';
import type { SqlValue } from '../database/flow.ts';

/** The SHA-256 of rows in their order, each value with its type and its length, so that no two lists have the same. */
export interface RowHash {
  add(row: readonly SqlValue[]): void;
  done(): { rows: number; sha256: string };
}

export function createRowHash(): RowHash {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      for (const value of row) addValue(value);
    },
    done: () => ({ rows, sha256: hash.digest('hex') }),
  };

  function addValue(value: SqlValue): void {
    if (value === null) hash.update('0;');
    else if (typeof value === 'number') hash.update(`n${value};`);
    else if (typeof value === 'string') hash.update(`s${Buffer.byteLength(value)}:`).update(value);
    else hash.update(`b${value.length}:`).update(value);
  }
}
