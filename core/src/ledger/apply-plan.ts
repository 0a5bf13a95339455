/**
 * A new version of a plan. The engine decides from its effective day on: what is planned before it, and whatever was
 * done, started or skipped, stays as it is byte for byte. Compare and set: of two engines that read the same version one
 * writes, and the other has to look again.
 *
 * A planned workout's id stands for its content, so another workout is another object, one that stays the same keeps
 * its id and its rev, and a phone that was offline completes what it really saw.
 */
import { createHash } from 'node:crypto';
import { addDays, isDay } from '../series/day.ts';
import type { AthleteChangeStore, DecideStep } from '../store/athlete-change.ts';
import type { JsonObject } from '../wire/json.ts';
import { type ChangeContext, finishChange, joinClaim } from './change.ts';
import type { Claim } from './claim.ts';
import { pointsTo, standingOf, type WorkoutStanding } from './completions.ts';
import { type Change, openChange } from './open-change.ts';
import { ownClaim } from './own-claim.ts';
import { namedId } from './place.ts';
import { askedQuestion } from './questions.ts';
import { newestTyped } from './resolve.ts';
import { objectKey, type WorkingObject } from './world.ts';
import type { WrittenObject } from './write-plan.ts';

export interface PlanInput {
  athleteId: string;
  /** Id of the engine, as its claims name it: `periodization`. */
  engine: string;
  /** The engine's own name of the plan. */
  planKey: string;
  /** Version the engine read; 0 where there was no plan. */
  readVersion: number;
  /** Fields of the plan; version and effective day are set here. */
  plan: JsonObject;
  /** Every workout from the effective day on: `day`, `slot` and what to do. Those before it are left out of account. */
  workouts: JsonObject[];
  /** First day the engine wants to decide. Never before today; tomorrow where today's workout was begun. */
  effectiveFrom: string;
  /** Local date of the athlete. */
  today: string;
}

export type PlanOutcome =
  | { outcome: 'written'; planId: string; version: number; effectiveFrom: string; written: WrittenObject[] }
  /** Somebody wrote another version meanwhile: read it and plan again. */
  | { outcome: 'stale'; version: number };

/** Name of a workout: its plan, day, slot and everything it says. */
function workoutName(planKey: string, fields: JsonObject): string {
  const sorted = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
  const content = createHash('sha256')
    .update(JSON.stringify([planKey, sorted]))
    .digest('hex')
    .slice(0, 24);
  return `${String(fields.day)}:${content}`;
}

interface Held {
  workout: WorkingObject;
  claim: Claim;
  standing: WorkoutStanding;
}

/** Workouts of this plan that the change has loaded. */
function heldWorkouts(change: Change, source: string, planId: string): Held[] {
  return [...change.world.objects.values()].flatMap((workout) => {
    if (workout.kind !== 'planned_workout') return [];
    const claim = Object.values(workout.state.claims).find(({ provider }) => provider === source);
    return claim?.fields?.planId === planId ? [{ workout, claim, standing: standingOf(workout.state) }] : [];
  });
}

/** Today's workout was begun, or another one was today, so today is past to the plan. */
function isTodayBegun(change: Change, held: Held[], today: string): boolean {
  const isBegun = (outcome: unknown) => outcome !== 'skipped';
  const onPlan = held.some(
    ({ standing }) => standing.day === today && standing.completions.some(({ outcome }) => isBegun(outcome)),
  );
  return (
    onPlan ||
    [...change.world.objects.values()].some(
      ({ kind, stored, state }) =>
        kind === 'completion' &&
        stored?.day === today &&
        pointsTo(state) !== null &&
        isBegun(newestTyped(state).outcome?.value),
    )
  );
}

/** The athlete had moved or noted a workout that the plan dropped: they are told, and what they wanted is kept. */
function sayNotApplied(change: Change, { workout, standing }: Held, version: number): void {
  const typed = newestTyped(workout.state);
  const wanted = Object.fromEntries(
    Object.entries(typed).flatMap(([field, { value }]) => (value === null ? [] : [[field, value]])),
  );
  if (Object.keys(wanted).length === 0) return;
  const question = askedQuestion({
    code: 'edit_not_applied',
    records: [`planned_workout|${workout.id}`, `version ${version}`],
    about: [{ kind: 'planned_workout', id: workout.id }],
    params: { day: standing.day ?? '', wanted: JSON.stringify(wanted) },
    at: { startMs: null, day: standing.day },
  });
  change.questions.set(question.id, question);
}

function applyVersion(
  change: Change,
  input: PlanInput,
  planId: string,
  version: number,
  context: ChangeContext,
): string {
  const { planKey, today } = input;
  const source = `engine:${input.engine}`;
  const held = heldWorkouts(change, source, planId);
  const earliest = isTodayBegun(change, held, today) ? addDays(today, 1) : today;
  const effectiveFrom = input.effectiveFrom > earliest ? input.effectiveFrom : earliest;
  const isAhead = (day: unknown): day is string => typeof day === 'string' && isDay(day) && day >= effectiveFrom;
  const stated = new Set<string>();
  for (const workout of input.workouts) {
    if (!isAhead(workout.day)) continue;
    const fields = { slot: 0, ...workout, planId };
    const name = workoutName(planKey, fields);
    stated.add(namedId(source, name));
    const known = held.find(({ claim }) => claim.externalId === name);
    if (known === undefined || known.standing.withdrawn) {
      // One that comes back is the version's that made it: nothing that was done with it looks different.
      const planVersion = known?.claim.fields?.planVersion ?? version;
      const claim = ownClaim({
        kind: 'planned_workout',
        source,
        externalId: name,
        fields: { ...fields, planVersion },
        version,
      });
      joinClaim(change, claim, context);
    }
    change.planDays.set(workout.day, change.planDays.get(workout.day) ?? false);
  }
  for (const each of held) {
    const { workout, claim, standing } = each;
    if (!isAhead(standing.day) || stated.has(workout.id) || standing.withdrawn) continue;
    if (standing.completions.length > 0 || newestTyped(workout.state).locked?.value === true) continue;
    joinClaim(
      change,
      ownClaim({
        kind: 'planned_workout',
        source,
        externalId: claim.externalId,
        fields: { ...claim.fields, withdrawn: true },
        version,
      }),
      context,
    );
    sayNotApplied(change, each, version);
  }
  const fields = { ...input.plan, version, effectiveFrom };
  joinClaim(change, ownClaim({ kind: 'plan', source, externalId: planKey, fields, version }), context);
  return effectiveFrom;
}

function versionOf(change: Change, planId: string): number {
  const plan = change.world.objects.get(objectKey('plan', planId));
  const versions = Object.values(plan?.state.claims ?? {}).map(({ order }) => order.vendorVersion);
  return Math.max(0, ...versions);
}

/** Writes a version of a plan, or says that it was made from an old one. */
export async function applyPlan(
  store: Pick<AthleteChangeStore, 'withAthleteChange'>,
  input: PlanInput,
  context: ChangeContext,
): Promise<PlanOutcome> {
  const planId = namedId(`engine:${input.engine}`, input.planKey);
  const load = {
    ids: [{ kind: 'plan' as const, id: planId }],
    onward: [{ kind: 'planned_workout' as const, fromDay: input.today }],
    days: [{ kind: 'completion' as const, days: [input.today] }],
  };
  let open: Change | null = null;
  let version = 0;
  let effectiveFrom = input.effectiveFrom;
  return store.withAthleteChange<PlanOutcome>(input.athleteId, load, (loaded): DecideStep<PlanOutcome> => {
    if (open === null || open.world.loaded !== loaded) {
      open = openChange(loaded);
      version = versionOf(open, planId);
      if (version !== input.readVersion) return { do: 'write', write: null, result: { outcome: 'stale', version } };
      version += 1;
      effectiveFrom = applyVersion(open, input, planId, version, context);
    }
    const step = finishChange(open, context);
    if (step.do === 'load') return step;
    const { write, written } = step.finished;
    return { do: 'write', write, result: { outcome: 'written', planId, version, effectiveFrom, written } };
  });
}
