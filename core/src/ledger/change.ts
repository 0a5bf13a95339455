/**
 * One change of one athlete's objects, from claims and edits to rows. Pure and synchronous: it runs inside
 * `withAthleteChange` and may run again.
 */
import { utcOffsetSAt } from '../series/time-zone.ts';
import type { Loaded, LoadRequest } from '../store/athlete-change.ts';
import type { Claim } from './claim.ts';
import { newerClaim } from './join.ts';
import type { MatchRecord } from './match-pair.ts';
import { isSameToMatching, toMatchRecord } from './match-record.ts';
import { type Covered, nothingCovered } from './neighbourhood.ts';
import { type PlannedObject, reconcile } from './reconcile.ts';
import { isLive, recordKeyOf, recordsOf, type SourceRecord } from './record.ts';
import { addLoaded, createObject, openWorld, type WorkingObject, type World } from './world.ts';
import { type LedgerWrite, type WrittenObject, writePlan } from './write-plan.ts';

export interface ChangeContext {
  /** Makes an id for an object of a kind. */
  newId: (kind: string) => string;
}

/** A change under way. `touched` holds record keys of activities, `simple` objects of kinds without matching. */
export interface Change {
  world: World;
  covered: Covered;
  touched: Set<string>;
  simple: Set<WorkingObject>;
  /** Records as they were before the change touched them; null for records it made. */
  before: Map<string, SourceRecord | null>;
}

export function openChange(loaded: Loaded): Change {
  return {
    world: openWorld(loaded),
    covered: nothingCovered(),
    touched: new Set(),
    simple: new Set(),
    before: new Map(),
  };
}

/** Notes a record before it is altered, so that it is known afterwards whether matching has to run. */
export function noteBefore(change: Change, holder: WorkingObject | undefined, recordKey: string): void {
  if (change.before.has(recordKey)) return;
  const record =
    holder === undefined ? undefined : recordsOf(holder.state).find((candidate) => candidate.key === recordKey);
  change.before.set(recordKey, record ?? null);
}

/** Joins a claim into the world. False when it says nothing new. */
export function joinClaim(change: Change, claim: Claim, context: ChangeContext): boolean {
  const { world } = change;
  const recordKey = recordKeyOf(claim);
  const held = world.objects.get(world.holder.get(recordKey) ?? '');
  const stored = held?.state.claims[claim.claimKey];
  if (newerClaim(stored, claim) === stored) return false;
  noteBefore(change, held, recordKey);
  const object = held ?? createObject(world, claim.kind, context.newId(claim.kind), recordKey, false);
  object.state.claims[claim.claimKey] = claim;
  change.touched.add(recordKey);
  return true;
}

/** Whether any touched record changed in a way that matching looks at. */
function needsMatching(change: Change): boolean {
  for (const key of change.touched) {
    const before = change.before.get(key);
    if (before === null || before === undefined) return true;
    const holder = change.world.objects.get(change.world.holder.get(key) ?? '');
    const record =
      holder === undefined ? undefined : recordsOf(holder.state).find((candidate) => candidate.key === key);
    if (record === undefined || !isSameToMatching(before, record)) return true;
  }
  return false;
}

function asTheyAre(objects: Iterable<WorkingObject>): PlannedObject[] {
  return [...objects].map(({ kind, id, state }) => ({
    kind,
    id,
    aliases: Object.keys(state.anchors).filter((anchor) => anchor !== id),
    state,
  }));
}

export interface FinishedChange {
  write: LedgerWrite;
  written: WrittenObject[];
}

/** Ends a change: matches anew where needed, resolves, gives revs; or asks for more of the timeline. */
export function finishChange(
  change: Change,
  context: ChangeContext,
): { do: 'load'; load: LoadRequest } | { do: 'finish'; finished: FinishedChange } {
  const { world } = change;
  addLoaded(world);
  const zone = world.loaded.athlete.timeZone;
  if (!needsMatching(change)) {
    const holders = new Set<WorkingObject>(change.simple);
    for (const key of change.touched) {
      const holder = world.objects.get(world.holder.get(key) ?? '');
      if (holder !== undefined) holders.add(holder);
    }
    return { do: 'finish', finished: writePlan(world, asTheyAre(holders), [], zone) };
  }
  // Where touched records lay: their old neighbours have to be looked at again.
  const moved = [...change.before.values()].flatMap((before): MatchRecord[] =>
    before !== null && isLive(before) ? [toMatchRecord(before, zone)] : [],
  );
  const step = reconcile(world, change.touched, moved, change.covered, {
    athleteZone: zone,
    utcOffsetS: (epochMs) => (zone === null ? null : utcOffsetSAt(zone, epochMs)),
    newId: () => context.newId('activity'),
  });
  if (step.do === 'load') return step;
  const { objects, questions, emptied } = step.plan;
  const planned = [...objects, ...asTheyAre(emptied), ...asTheyAre(change.simple)];
  return { do: 'finish', finished: writePlan(world, planned, questions, zone) };
}
