/** What engines hear of a change: which object changed, and from which date on they have to look again. Pure. */

import type { StoredObject } from '../store/athlete-change.ts';
import type { LedgerEvent } from './engine.ts';

export interface SeenChange {
  /** Null for a new object. */
  before: Pick<StoredObject, 'day' | 'deleted'> | null;
  after: Pick<StoredObject, 'kind' | 'id' | 'day' | 'deleted'>;
}

/** The earlier of two dates; an undated object asks for everything. */
function earlier(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a < b ? a : b;
}

export function ledgerEvents(athleteId: string, changes: SeenChange[]): LedgerEvent[] {
  return changes
    .filter(({ before, after }) => !(after.deleted && (before === null || before.deleted)))
    .map(({ before, after }) => ({
      athleteId,
      type: after.deleted ? ('deleted' as const) : ('changed' as const),
      kind: after.kind,
      objectId: after.id,
      fromDay: before === null || before.deleted ? after.day : earlier(before.day, after.day),
    }));
}
