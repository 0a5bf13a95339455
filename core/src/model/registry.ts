/** Everything the hub knows about each kind of object, in one table. */
import type { Kind } from '../wire/kinds.ts';
import { activity } from './activity.ts';
import { completion } from './completion.ts';
import type { FieldTable } from './field.ts';
import { forecast } from './forecast.ts';
import { gear } from './gear.ts';
import { insight } from './insight.ts';
import { measurement } from './measurement.ts';
import { nutritionDay } from './nutrition-day.ts';
import { plan } from './plan.ts';
import { plannedWorkout } from './planned-workout.ts';
import { profile } from './profile.ts';
import { question } from './question.ts';
import { race } from './race.ts';
import { settings } from './settings.ts';
import { sleep } from './sleep.ts';
import { wellnessDay } from './wellness-day.ts';

/**
 * What makes two statements one object. `match`: they are compared. `night`: sleep that ended on one local date. `day`:
 * one object a local date, which is its id. `one`: one object an athlete, its kind is its id. `named`: a source's own name of
 * the thing is its id. `own`: each record is one.
 */
export type Place = 'match' | 'night' | 'day' | 'one' | 'named' | 'own';

export interface KindSpec {
  fields: FieldTable;
  place: Place;
  /** Whether the app may create objects of it, only write on those there are, or only read. */
  athlete: 'creates' | 'edits' | 'reads';
  /** Whether an athlete may delete one. */
  deletable: boolean;
}

const made = (fields: FieldTable, place: Place): KindSpec => ({ fields, place, athlete: 'creates', deletable: true });
const kept = (fields: FieldTable, place: Place): KindSpec => ({ fields, place, athlete: 'creates', deletable: false });
const given = (fields: FieldTable, place: Place): KindSpec => ({ fields, place, athlete: 'edits', deletable: false });

export const REGISTRY: { readonly [K in Kind]: KindSpec } = {
  profile: kept(profile, 'one'),
  settings: kept(settings, 'one'),
  plan: { ...given(plan, 'named'), athlete: 'reads' },
  planned_workout: given(plannedWorkout, 'named'),
  completion: made(completion, 'own'),
  activity: made(activity, 'match'),
  wellness_day: kept(wellnessDay, 'day'),
  sleep: kept(sleep, 'night'),
  measurement: made(measurement, 'own'),
  nutrition_day: kept(nutritionDay, 'day'),
  race: made(race, 'named'),
  forecast: { fields: forecast, place: 'day', athlete: 'reads', deletable: false },
  insight: given(insight, 'named'),
  question: given(question, 'own'),
  gear: made(gear, 'own'),
};

/** The kind's entry; undefined for a name that is none. */
export function kindSpec(kind: string): KindSpec | undefined {
  return Object.hasOwn(REGISTRY, kind) ? REGISTRY[kind as Kind] : undefined;
}

export function fieldsOf(kind: Kind): FieldTable | undefined {
  return kindSpec(kind)?.fields;
}
