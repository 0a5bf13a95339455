/** Window: the part of an athlete's dates that a phone holds. It moves with the days, without any change of an object. */
import { knownZone } from '../ledger/record.ts';
import { addDays } from '../series/day.ts';
import { localDay } from '../series/time-zone.ts';
import type { Kind } from '../wire/kinds.ts';
import type { Window } from '../wire/sync.ts';

/** Local dates, inclusive; null: no bound. */
export interface DayRange {
  fromDay: string | null;
  toDay: string | null;
}

/** Kinds of which a phone holds the last days alone. */
const LOGGED: readonly Kind[] = [
  'planned_workout',
  'completion',
  'activity',
  'wellness_day',
  'sleep',
  'insight',
  'measurement',
  'nutrition_day',
  'forecast',
];
/** Kinds of which a phone holds the next days alone. */
const AHEAD: readonly Kind[] = ['planned_workout'];

export function windowOf(window: Window | undefined, athleteZone: string | null, nowMs: number): DayRange {
  const timeZone = knownZone(athleteZone) ?? 'UTC';
  const day = (days: number | undefined, sign: 1 | -1) =>
    days === undefined ? null : addDays(localDay(nowMs, { timeZone }), sign * days);
  return { fromDay: day(window?.activityDays, -1), toDay: day(window?.planDays, 1) };
}

/** What of a kind's dates lies in the window. */
export function rangeOf(kind: Kind, { fromDay, toDay }: DayRange): DayRange {
  return { fromDay: LOGGED.includes(kind) ? fromDay : null, toDay: AHEAD.includes(kind) ? toDay : null };
}

export function isInside(kind: Kind, day: string | null, window: DayRange): boolean {
  const { fromDay, toDay } = rangeOf(kind, window);
  return day === null || ((fromDay === null || day >= fromDay) && (toDay === null || day <= toDay));
}

/** Whether the new window asks for days that have gone by before the old one began: history, which may be long. */
export function asksForHistory(old: DayRange, now: DayRange): boolean {
  return old.fromDay !== null && (now.fromDay === null || now.fromDay < old.fromDay);
}

/** Dates to look at when a window moved: those that came in, and those that went out. Kinds with a range each. */
export interface Moved {
  kinds: Kind[];
  range: { [kind: string]: DayRange };
}

/** Planned workouts of the days that came in at the far end. */
export function enteredBy(old: DayRange, now: DayRange): Moved | null {
  if (old.toDay === null || (now.toDay !== null && now.toDay <= old.toDay)) return null;
  const range = { fromDay: addDays(old.toDay, 1), toDay: now.toDay };
  return { kinds: [...AHEAD], range: Object.fromEntries(AHEAD.map((kind) => [kind, range])) };
}

/** What went out at the near end. */
export function leftBy(old: DayRange, now: DayRange): Moved | null {
  if (now.fromDay === null || (old.fromDay !== null && old.fromDay >= now.fromDay)) return null;
  const range = { fromDay: old.fromDay, toDay: addDays(now.fromDay, -1) };
  return { kinds: [...LOGGED], range: Object.fromEntries(LOGGED.map((kind) => [kind, range])) };
}

/** What went out at the far end, where a phone asks for fewer days of the plan. */
export function shrunkBy(old: DayRange, now: DayRange): Moved | null {
  if (now.toDay === null || (old.toDay !== null && old.toDay <= now.toDay)) return null;
  const range = { fromDay: addDays(now.toDay, 1), toDay: old.toDay };
  return { kinds: [...AHEAD], range: Object.fromEntries(AHEAD.map((kind) => [kind, range])) };
}
