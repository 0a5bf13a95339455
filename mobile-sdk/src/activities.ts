/** The athlete's own log of runs and other sessions. */
import type { Fields } from './local/fields.ts';
import { localDay } from './local/local-day.ts';
import type { CoachObject, Range } from './local/read.ts';
import type { Objects } from './objects.ts';
import type { Platform } from './platform.ts';

/** What an athlete may say about an activity; further fields of the kind travel as they are. */
export interface ActivityFields extends Fields {
  /** run, ride, swim, walk, hike, strength, transition, multisport or other. */
  sport?: string;
  /** road, trail, track, treadmill, virtual … */
  subSport?: string | null;
  /** Local date. Left out: that of `startedAt`, else today. */
  day?: string;
  /** ISO 8601 in UTC. An activity without it is matched with a device's by its day. */
  startedAt?: string | null;
  distanceM?: number | null;
  elapsedS?: number | null;
  /** Effort felt, 1 to 10. */
  rpe?: number | null;
  /** 1 to 5. */
  feel?: number | null;
  title?: string | null;
  notes?: string | null;
}

/** Kind `activity` by the words of an app. */
export interface Activities {
  /** @returns the new activity's id. It stays good when a device's record of the same run is joined to it. */
  log(fields: ActivityFields & { sport: string }): Promise<string>;
  /** Sets fields; null clears one. What a device measured keeps showing; see `objects.override`. */
  edit(id: string, fields: ActivityFields): Promise<void>;
  delete(id: string): Promise<void>;
  get(id: string): Promise<CoachObject | null>;
  list(range?: Range): Promise<CoachObject[]>;
}

export function createActivities(objects: Objects, platform: Platform): Activities {
  return {
    async log(fields) {
      const id = `act_${platform.randomUuid().replaceAll('-', '')}`;
      const dated = fields.day !== undefined || typeof fields.startedAt === 'string';
      const today = dated ? {} : { day: localDay(platform.now(), platform.timeZone()) };
      await objects.put('activity', id, { ...fields, ...today });
      return id;
    },
    edit: (id, fields) => objects.patch('activity', id, fields),
    delete: (id) => objects.delete('activity', id),
    get: (id) => objects.get('activity', id),
    list: (range) => objects.list('activity', range),
  };
}
