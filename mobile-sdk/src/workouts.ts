/** The plan's workouts by the words of an app: what is due, what became of it, what the athlete wants otherwise. */
import { localDay } from './local/local-day.ts';
import { markOf } from './local/mark.ts';
import type { CoachObject } from './local/read.ts';
import type { Objects } from './objects.ts';
import type { Platform } from './platform.ts';

/** What an app knows when a workout was done. */
export interface Done {
  /** Id of the activity that fulfilled it, where there is one already. */
  activityId?: string;
  /** Effort of the whole workout, 1 to 10. */
  rpe?: number;
  /** ISO 8601 in UTC. */
  startedAt?: string;
}

/** A day of a plan's week: what is due on it, and what became of that. */
export interface PlannedDay {
  /** Local date. */
  day: string;
  workouts: { workout: CoachObject; completion: CoachObject | null }[];
}

export interface Workouts {
  /** Seven days from the Monday of the week that `day` lies in; left out: the present week. */
  week(day?: string): Promise<PlannedDay[]>;
  /** It is under way: the plan leaves today alone from now on. @returns the completion's id. */
  start(workoutId: string): Promise<string>;
  /** It was done, whatever the plan became meanwhile. @returns the completion's id. */
  complete(workoutId: string, done?: Done): Promise<string>;
  /** @returns the completion's id. */
  skip(workoutId: string, reason?: string): Promise<string>;
  /** Takes back what was said of it. */
  reopen(workoutId: string): Promise<void>;
  /** A wish that the next plan takes in. Where the plan has dropped the workout meanwhile a question says so. */
  move(workoutId: string, toDay: string): Promise<void>;
  /** Keeps it as it is through new versions of the plan. */
  lock(workoutId: string, locked?: boolean): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Longest id the hub takes. */
const MAX_ID_CHARS = 128;

/** One workout, one completion, whichever phone it is said on. */
function completionId(workoutId: string): string {
  const id = `done:${workoutId}`;
  return id.length <= MAX_ID_CHARS ? id : `done_${markOf(workoutId)}`;
}

function daysOfWeek(day: string): string[] {
  const noon = Date.parse(`${day}T12:00:00.000Z`);
  const sinceMonday = (new Date(noon).getUTCDay() + 6) % 7;
  return Array.from({ length: 7 }, (_, at) => new Date(noon + (at - sinceMonday) * DAY_MS).toISOString().slice(0, 10));
}

export function createWorkouts(objects: Objects, platform: Platform): Workouts {
  const today = () => localDay(platform.now(), platform.timeZone());

  /** Found by its id, so that two phones that were offline say one thing, field by field. */
  async function completionOf(workoutId: string): Promise<CoachObject | null> {
    const said = await objects.get('completion', completionId(workoutId));
    return said?.data.plannedWorkoutId === workoutId ? said : null;
  }

  async function say(workoutId: string, fields: { [field: string]: string | number }): Promise<string> {
    const id = completionId(workoutId);
    const known = await completionOf(workoutId);
    const first = known ? {} : { plannedWorkoutId: workoutId, day: today() };
    await objects.put('completion', id, { ...first, ...fields });
    return id;
  }

  return {
    async week(day = today()) {
      const days = daysOfWeek(day);
      const range = { fromDay: days[0]!, toDay: days[6]! };
      const workouts = await objects.list('planned_workout', range);
      const shown = await Promise.all(
        workouts.map(async (workout) => ({ workout, completion: await completionOf(workout.id) })),
      );
      return days.map((each) => ({
        day: each,
        workouts: shown
          .filter(({ workout }) => workout.day === each)
          .sort((a, b) => Number(a.workout.data.slot ?? 0) - Number(b.workout.data.slot ?? 0)),
      }));
    },
    start: (id) => say(id, { outcome: 'started', startedAt: new Date(platform.now()).toISOString() }),
    complete: (id, done = {}) => say(id, { outcome: 'done', ...done }),
    skip: (id, reason) => say(id, { outcome: 'skipped', ...(reason === undefined ? {} : { reason }) }),
    async reopen(id) {
      const known = await completionOf(id);
      if (known) await objects.patch('completion', known.id, { plannedWorkoutId: null, outcome: null });
    },
    move: (id, movedToDay) => objects.patch('planned_workout', id, { movedToDay }),
    lock: (id, locked = true) => objects.patch('planned_workout', id, { locked: locked || null }),
  };
}
