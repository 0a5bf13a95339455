/**
 * One change of one athlete's objects, from claims and edits to rows. Pure and synchronous: it runs inside
 * `withAthleteChange` and may run again.
 */
import { REGISTRY } from '../model/registry.ts';
import { utcOffsetSAt } from '../series/time-zone.ts';
import type { LoadRequest } from '../store/athlete-change.ts';
import type { Kind } from '../wire/kinds.ts';
import type { Claim } from './claim.ts';
import { settleCompletions } from './completions.ts';
import { newerClaim } from './join.ts';
import type { MatchRecord } from './match-pair.ts';
import { isSameToMatching, toMatchRecord } from './match-record.ts';
import { wakingDay } from './nights.ts';
import { type Change, noteBefore } from './open-change.ts';
import { placeOf } from './place.ts';
import { placeNights } from './place-nights.ts';
import type { AskedQuestion } from './questions.ts';
import { type PlannedObject, reconcile } from './reconcile.ts';
import { claimRecord, isLive, recordKeyOf, recordsOf, type SourceRecord } from './record.ts';
import { settleAnswers } from './settle-answers.ts';
import { addLoaded, createObject, findObject, moveRecord, objectKey, type WorkingObject } from './world.ts';
import { type LedgerWrite, type WrittenObject, writePlan } from './write-plan.ts';

export interface ChangeContext {
  /** Makes an id for an object of a kind. */
  newId: (kind: string) => string;
}

/** Joins a claim into the world. False when it says nothing new. */
export function joinClaim(change: Change, claim: Claim, context: ChangeContext): boolean {
  const { world } = change;
  const recordKey = recordKeyOf(claim);
  const held = world.objects.get(world.holder.get(recordKey) ?? '');
  const stored = held?.state.claims[claim.claimKey];
  if (newerClaim(stored, claim) === stored) return false;
  if (REGISTRY[claim.kind].place === 'match') {
    noteBefore(change, held, recordKey);
    const object = held ?? createObject(world, claim.kind, context.newId(claim.kind), recordKey, false);
    object.state.claims[claim.claimKey] = claim;
    change.touched.add(recordKey);
    return true;
  }
  const others = Object.values(held?.state.claims ?? {}).filter(
    (other) => other.claimKey !== claim.claimKey && recordKeyOf(other) === recordKey,
  );
  const place = placeNow(change, claim.kind, claimRecord(recordKey, [...others, claim]));
  const id = place ?? held?.id ?? context.newId(claim.kind);
  const target = findObject(world, claim.kind, id) ?? createObject(world, claim.kind, id, recordKey, false);
  if (held !== undefined && held !== target) {
    moveRecord(world, held, target, recordKey);
    change.simple.add(held);
  }
  target.state.claims[claim.claimKey] = claim;
  world.holder.set(recordKey, objectKey(claim.kind, target.id));
  change.simple.add(target);
  if (claim.kind === 'sleep') change.slept.add(recordKey);
  return true;
}

/** Where a record goes for now; the nights are told apart once their neighbours are loaded. */
function placeNow(change: Change, kind: Kind, record: SourceRecord): string | null {
  return kind === 'sleep' ? wakingDay(record, change.world.loaded.athlete.timeZone) : placeOf(kind, record);
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
  // One that was made in this change and came out empty was never there.
  const there = [...objects].filter(
    ({ stored, state }) =>
      stored !== null || Object.keys(state.claims).length > 0 || Object.keys(state.layers).length > 0,
  );
  return there.map(({ kind, id, state }) => ({
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

type Step = { do: 'load'; load: LoadRequest } | { do: 'finish'; finished: FinishedChange };

/** What the change still has to see; null when it is all there. */
function missing(change: Change): LoadRequest | null {
  return settleAnswers(change) ?? placeNights(change) ?? settleCompletions(change);
}

/** Ends a change: matches anew where needed, resolves, gives revs; or asks for more of the timeline. */
export function finishChange(change: Change, context: ChangeContext): Step {
  const { world } = change;
  addLoaded(world);
  const load = missing(change);
  if (load !== null) return { do: 'load', load };
  const zone = world.loaded.athlete.timeZone;
  if (!needsMatching(change)) {
    const holders = new Set<WorkingObject>(change.simple);
    for (const key of change.touched) {
      const holder = world.objects.get(world.holder.get(key) ?? '');
      if (holder !== undefined) holders.add(holder);
    }
    return finish(change, asTheyAre(holders), []);
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
  return finish(change, [...objects, ...asTheyAre(emptied), ...asTheyAre(change.simple)], questions);
}

/** A question that matching and an answer both touch is written once, with what both say. */
function finish(change: Change, planned: PlannedObject[], asked: AskedQuestion[]): Step {
  const questions = new Map([...change.questions, ...asked.map((question) => [question.id, question] as const)]);
  const objects = planned.filter(({ kind, id }) => kind !== 'question' || !questions.has(id));
  return { do: 'finish', finished: writePlan(change.world, objects, [...questions.values()]) };
}
