/** Whether a new change joins one that waits in the outbox, so that the queue grows with objects and not with edits. */
import type { Body, OutboxEntry } from './outbox.ts';
import { stampMs } from './stamp.ts';

/** Edits this close together are one act of the athlete and may share a stamp. */
const ONE_ACT_MS = 60_000;

export type Folding =
  | { outcome: 'append' }
  /** The last entry takes the change in, with this body. */
  | { outcome: 'merge'; into: OutboxEntry; body: Body }
  /** These entries and the change undo each other; none of them needs to travel. */
  | { outcome: 'cancel'; entries: readonly OutboxEntry[] };

/**
 * Pure. An entry that was ever sent is left alone: the hub may have processed it.
 *
 * One entry has one stamp, and the hub compares stamps by field. A fold that gave an old edit the stamp of a new one
 * would let it win over another phone's edit in between. So an entry takes a change in only where that cannot be:
 * it creates the object (nobody else can have edited it), the change covers all its fields, or both are one act.
 *
 * @param entries all pending entries of the object, oldest first.
 * @param known whether the hub has the object, as far as this phone knows.
 */
export function fold(entries: readonly OutboxEntry[], change: Body, known: boolean): Folding {
  const into = entries.at(-1);
  if (into === undefined || wasSent(into)) return { outcome: 'append' };
  // A group travels as it was made.
  if (into.body.tx !== undefined || change.tx !== undefined) return { outcome: 'append' };
  const last = into.body;
  if (change.op === 'delete' && !known && !entries.some(wasSent)) return { outcome: 'cancel', entries };
  if (isToggle(change) && isToggle(last) && change.op !== last.op) return { outcome: 'cancel', entries: [into] };

  const sameWords = last.op === change.op || (last.op === 'put' && change.op === 'patch');
  if (!sameWords || isToggle(change)) return { outcome: 'append' };

  const said = fieldsOf(change);
  const creates = last.op === 'put' && !known;
  const covered = fieldsOf(last).every((field) => said.includes(field));
  const oneAct = stampMs(change.stamp) - stampMs(last.stamp) <= ONE_ACT_MS;
  if (!creates && !covered && !oneAct) return { outcome: 'append' };

  const set = { ...last.set, ...change.set };
  for (const field of change.unset ?? []) delete set[field];
  const unset = [...fieldsOf(last), ...said].filter((field, i, all) => !(field in set) && all.indexOf(field) === i);
  return { outcome: 'merge', into, body: { ...last, stamp: change.stamp, set, unset, day: change.day ?? last.day } };
}

function wasSent(entry: OutboxEntry): boolean {
  return entry.body.id !== undefined;
}

function isToggle({ op }: Body): boolean {
  return op === 'delete' || op === 'restore';
}

function fieldsOf({ set, unset = [] }: Body): string[] {
  return [...Object.keys(set ?? {}), ...unset];
}
