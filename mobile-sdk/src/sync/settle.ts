/** What the hub said about each mutation. Pure: changes the rows in hand and says where the entries go. */
import type { MutationResult, WireObject } from '@coach-hub/core/wire';
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
    if (object) takeResult(rows.get(keyText(object))!, object, meta);
  }
  return settled;
}

/**
 * Whether pulls keep this object from the phone: it is not here although everything up to its rev was read, or will have
 * been when the snapshot under way ends. It lies outside of the window then, and only its entries keep it.
 */
function isOutside(row: ObjectRow, rev: number, meta: Meta): boolean {
  const isHeld = row.server !== null && row.gen >= meta.gen;
  return !isHeld && rev <= ((meta.sweeping === null ? meta.cursorRev : meta.snapshotRev) ?? 0);
}

/** The object as a result brings it. */
function takeResult(row: ObjectRow, object: WireObject, meta: Meta): void {
  const outside = isOutside(row, object.rev, meta);
  takeChange(row, { op: 'put', ...object }, meta);
  if (outside) row.gen = 0;
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
  const outside = isOutside(row, rev, meta);
  row.server = replay(row.server, [{ ...body, set, unset }]);
  // What was settled long ago may be gone since: then a snapshot that does not bring it takes it away.
  if (status !== 'duplicate') row.gen = outside ? 0 : meta.gen;
}
