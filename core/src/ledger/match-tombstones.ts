/** What an athlete deleted, and what they said afterwards: copies stay deleted with it, a later log does not. Pure. */
import type { MatchRecord } from './match-pair.ts';
import type { Stamped } from './object-state.ts';
import { compareStamped } from './stamp.ts';

export interface DeletedWords {
  /** The athlete's latest word on whether a record is deleted; null when there was none. */
  deleted(key: string): Stamped<boolean> | null;
  /** When the athlete made a record; null for one of a provider. */
  madeAt(key: string): Stamped | null;
}

/** The tombstone of a group; null while it is not deleted. */
export function tombstoneOf(group: readonly MatchRecord[], words: DeletedWords): Stamped<boolean> | null {
  let latest: Stamped<boolean> | null = null;
  for (const { key } of group) {
    const word = words.deleted(key);
    if (word !== null && (latest === null || compareStamped(word, latest) > 0)) latest = word;
  }
  return latest?.value === true ? latest : null;
}

/** Whether the athlete made this record after they deleted the group: it is another thing then. */
export function isMadeAfter(record: MatchRecord, tombstone: Stamped<boolean> | null, words: DeletedWords): boolean {
  const madeAt = words.madeAt(record.key);
  return tombstone !== null && madeAt !== null && compareStamped(madeAt, tombstone) > 0;
}
