/** What the hub said about each mutation. Pure: changes the rows in hand and says where the entries go. */
import type { MutationResult } from '@coach-hub/core/wire';
import type { DeadEntry } from '../local/dead-letters.ts';
import type { Meta } from '../local/meta.ts';
import { keyText, type ObjectRow, type Rows, takeChange } from '../local/object-row.ts';
import type { OutboxEntry } from '../local/outbox.ts';
import { replay } from '../local/replay.ts';

/** By mid. */
export type Results = Map<string, MutationResult>;

export interface Settled {
  /** Mids that go to the journal. */
  done: string[];
  dead: DeadEntry[];
  /** Mids that stand for something else at the hub: they stay in the queue, to be sent under others. */
  taken: string[];
}

/** @param entries those the hub has settled; without a result of its own an entry counts as applied. */
export function settle(entries: readonly OutboxEntry[], results: Results, rows: Rows, meta: Meta): Settled {
  const settled: Settled = { done: [], dead: [], taken: [] };
  for (const entry of entries) {
    const { mid } = entry;
    const row = rows.get(keyText(entry))!;
    const result = results.get(mid) ?? { mid, status: 'applied' };
    const { object, code } = result;
    const status = result.status === 'duplicate' ? (result.originalStatus ?? 'applied') : result.status;
    if (code === 'mid_reused') {
      settled.taken.push(mid);
    } else if (status === 'rejected' || status === 'blocked') {
      settled.dead.push([mid, code ?? status, result.detail ?? null]);
      if (code === 'gone' || code === 'not_found') row.server = null;
    } else {
      settled.done.push(mid);
      if (result.deleted && result.status !== 'duplicate') row.server = null;
      else if (!object && status !== 'superseded') standIn(row, entry, result, meta);
    }
    if (object) takeChange(rows.get(keyText(object))!, { op: 'put', ...object }, meta);
  }
  return settled;
}

/**
 * The hub settled the entry but did not say how the object looks now. Until the pull brings it, our own change stands
 * in for it, so that what the athlete wrote does not flicker away.
 */
function standIn(
  row: ObjectRow,
  { body }: OutboxEntry,
  { status, rev = Infinity, fields = {} }: MutationResult,
  meta: Meta,
): void {
  if (row.rev >= rev) return; // the hub's view here already includes it
  const set = Object.fromEntries(Object.entries(body.set ?? {}).filter(([field]) => !(field in fields)));
  const unset = body.unset?.filter((field) => !(field in fields));
  row.server = replay(row.server, [{ ...body, set, unset }]);
  // What was settled long ago may be gone since: then a snapshot that does not bring it takes it away.
  if (status !== 'duplicate') row.gen = meta.gen;
}
