/**
 * Completions and the plan: a workout that was done, started or skipped is kept for ever, whatever the plan became
 * meanwhile, and takes the place of what the plan put there instead.
 */
import type { LoadRequest } from '../store/athlete-change.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ObjectState } from './object-state.ts';
import { type Change, notLooked } from './open-change.ts';
import { LEDGER_SOURCE, ownClaim } from './own-claim.ts';
import { recordKeyOf, textOf } from './record.ts';
import { isDeleted, newestTyped } from './resolve.ts';
import { findObject, objectKey, type WorkingObject } from './world.ts';

/** The workout a completion points to while it is not deleted. */
export function pointsTo(state: ObjectState): { workoutId: string; outcome: string } | null {
  const typed = newestTyped(state);
  const workoutId = textOf(typed.plannedWorkoutId?.value);
  return workoutId === null || isDeleted(state)
    ? null
    : { workoutId, outcome: textOf(typed.outcome?.value) ?? 'started' };
}

export interface WorkoutStanding {
  /** Local date and slot it is planned for. */
  day: string | null;
  slot: string;
  /** Completions that point to it, with their outcomes. */
  completions: { id: string; outcome: string }[];
  /** The plan does not hold it any more. */
  withdrawn: boolean;
  /** Another workout was done in its place. */
  displaced: boolean;
}

/** Where a planned workout stands, from what plan and ledger say of it. */
export function standingOf(state: ObjectState): WorkoutStanding {
  const standing: WorkoutStanding = { day: null, slot: '', completions: [], withdrawn: true, displaced: false };
  for (const { provider, fields } of Object.values(state.claims)) {
    if (fields === null) continue;
    if (provider !== LEDGER_SOURCE) {
      standing.withdrawn = fields.withdrawn === true;
      standing.day = textOf(fields.day);
      standing.slot = JSON.stringify([fields.planId ?? null, fields.slot ?? 0]);
    } else if (typeof fields.completedBy === 'string') {
      standing.completions.push({ id: fields.completedBy, outcome: textOf(fields.outcome) ?? 'started' });
    } else if (fields.displaced === true) standing.displaced = true;
  }
  return standing;
}

/** Whether people see the workout: it is on the plan, or somebody did something with it. */
export function isShown(standing: WorkoutStanding): boolean {
  return standing.completions.length > 0 || !(standing.withdrawn || standing.displaced);
}

function say(change: Change, workout: WorkingObject, about: string, fields: JsonObject | null): void {
  const externalId = `${workout.id}~${about}`;
  const claim = ownClaim({ kind: 'planned_workout', source: LEDGER_SOURCE, externalId, fields });
  const stored = workout.state.claims[claim.claimKey];
  if (stored === undefined ? fields === null : JSON.stringify(stored.fields) === JSON.stringify(fields)) return;
  workout.state.claims[claim.claimKey] = claim;
  change.world.holder.set(recordKeyOf(claim), objectKey(workout.kind, workout.id));
  change.simple.add(workout);
}

/** Links touched completions to their workouts; asks for what it must see. */
export function settleCompletions(change: Change): LoadRequest | null {
  const { world, planDays } = change;
  const links: { completion: WorkingObject; workoutId: string; outcome: string | null }[] = [];
  for (const completion of change.simple) {
    if (completion.kind !== 'completion') continue;
    const now = pointsTo(completion.state);
    const before = completion.stored === null ? null : pointsTo(completion.stored.state);
    if (before !== null && before.workoutId !== now?.workoutId)
      links.push({ completion, workoutId: before.workoutId, outcome: null });
    if (now !== null) links.push({ completion, ...now });
  }
  const unseen = notLooked(
    change,
    links.map(({ workoutId }) => ({ kind: 'planned_workout', id: workoutId })),
  );
  if (unseen !== null) return unseen;
  for (const { completion, workoutId, outcome } of links) {
    const workout = findObject(world, 'planned_workout', workoutId);
    if (workout === undefined) continue;
    say(change, workout, completion.id, outcome === null ? null : { completedBy: completion.id, outcome });
    const { day } = standingOf(workout.state);
    if (day !== null && !planDays.has(day)) planDays.set(day, false);
  }
  const days = [...planDays].filter(([, loaded]) => !loaded).map(([day]) => day);
  if (days.length > 0) {
    for (const day of days) planDays.set(day, true);
    return { days: [{ kind: 'planned_workout', days }] };
  }
  for (const day of planDays.keys()) settleDay(change, day);
  return null;
}

/** Of the workouts of one date and slot, those that were done are kept, and take the place of the others. */
function settleDay(change: Change, day: string): void {
  const workouts = [...change.world.objects.values()]
    .filter((object) => object.kind === 'planned_workout')
    .map((workout) => ({ workout, standing: standingOf(workout.state) }))
    .filter(({ standing }) => standing.day === day);
  const taken = new Set(
    workouts.filter(({ standing }) => standing.completions.length > 0).map(({ standing }) => standing.slot),
  );
  for (const { workout, standing } of workouts) {
    const displaced = standing.completions.length === 0 && taken.has(standing.slot);
    say(change, workout, 'displaced', displaced ? { displaced: true } : null);
  }
}
