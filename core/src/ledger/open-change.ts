/** A change under way: the world it works on, and what it touched in it. */
import type { Loaded, LoadRequest } from '../store/athlete-change.ts';
import type { Kind } from '../wire/kinds.ts';
import { type Covered, nothingCovered } from './neighbourhood.ts';
import type { AskedQuestion } from './questions.ts';
import { recordsOf, type SourceRecord } from './record.ts';
import { copyState, objectKey, openWorld, type WorkingObject, type World } from './world.ts';

/** A change under way. */
export interface Change {
  world: World;
  covered: Covered;
  /** Keys of the activity records it touched. */
  touched: Set<string>;
  /** Objects of kinds without matching that it touched. */
  simple: Set<WorkingObject>;
  /** Keys of the sleep records it touched: their nights are told anew. */
  slept: Set<string>;
  /** Dates whose sleep is loaded. */
  sleepDays: Set<string>;
  /** Local dates whose planned workouts have to be looked at together, and whether they are loaded. */
  planDays: Map<string, boolean>;
  /** Objects that were asked for by their id, as `kind/id`, whether there are such or not. */
  looked: Set<string>;
  /** Questions it raises by itself. */
  questions: Map<string, AskedQuestion>;
  /** Records as they were before the change touched them; null for records it made. */
  before: Map<string, SourceRecord | null>;
}

export function openChange(loaded: Loaded): Change {
  return {
    world: openWorld(loaded),
    covered: nothingCovered(),
    touched: new Set(),
    simple: new Set(),
    slept: new Set(),
    sleepDays: new Set(),
    planDays: new Map(),
    looked: new Set(),
    questions: new Map(),
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

/** What of these objects was not asked for yet; null when all of them were. */
export function notLooked(change: Change, ids: { kind: Kind; id: string }[]): LoadRequest | null {
  const missing = ids.filter(({ kind, id }) => !change.looked.has(objectKey(kind, id)));
  if (missing.length === 0) return null;
  for (const { kind, id } of missing) change.looked.add(objectKey(kind, id));
  return { ids: missing };
}

/** A copy of a change that can be thrown away: for groups that apply together or not at all. */
export function forkChange(change: Change): Change {
  const objects = new Map(
    [...change.world.objects].map(([key, object]) => [key, { ...object, state: copyState(object.state) }]),
  );
  return {
    world: { loaded: change.world.loaded, objects, holder: new Map(change.world.holder) },
    covered: change.covered,
    touched: new Set(change.touched),
    simple: new Set([...change.simple].map((object) => objects.get(objectKey(object.kind, object.id)) ?? object)),
    slept: new Set(change.slept),
    sleepDays: new Set(change.sleepDays),
    planDays: new Map(change.planDays),
    looked: new Set(change.looked),
    questions: new Map(change.questions),
    before: new Map(change.before),
  };
}
