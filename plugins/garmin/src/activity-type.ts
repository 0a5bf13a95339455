/**
 * Garmin's activity types as our sports.
 *
 * Vendor facts (garmin.md §7): upper case with underscores, sometimes with a suffix `_V2`, some misspelt, new ones at
 * any time. What is not in the table becomes `other`; the raw word stays in the note.
 */
import type { Note, Sport, SubSport } from '@coach-hub/core';

export interface SportReading {
  sport: Sport;
  subSport: SubSport | null;
  notes: Note[];
}

const SPORT_OF: { readonly [activityType: string]: readonly [Sport, SubSport | null] } = {
  RUNNING: ['run', null],
  STREET_RUNNING: ['run', 'road'],
  TRACK_RUNNING: ['run', 'track'],
  TRAIL_RUNNING: ['run', 'trail'],
  ULTRA_RUN: ['run', 'ultra'],
  OBSTACLE_RUN: ['run', 'obstacle'],
  TREADMILL_RUNNING: ['run', 'treadmill'],
  INDOOR_RUNNING: ['run', 'indoor'],
  VIRTUAL_RUN: ['run', 'virtual'],
  WALKING: ['walk', null],
  CASUAL_WALKING: ['walk', null],
  SPEED_WALKING: ['walk', null],
  INDOOR_WALKING: ['walk', 'indoor'],
  HIKING: ['hike', null],
  RUCKING: ['hike', null],
  CYCLING: ['ride', null],
  ROAD_BIKING: ['ride', 'road'],
  GRAVEL_CYCLING: ['ride', 'gravel'],
  MOUNTAIN_BIKING: ['ride', 'mountain'],
  DOWNHILL_BIKING: ['ride', 'mountain'],
  CYCLOCROSS: ['ride', 'cyclocross'],
  TRACK_CYCLING: ['ride', 'track'],
  INDOOR_CYCLING: ['ride', 'indoor'],
  VIRTUAL_RIDE: ['ride', 'virtual'],
  E_BIKE_FITNESS: ['ride', null],
  E_BIKE_MOUNTAIN: ['ride', 'mountain'],
  RECUMBENT_CYCLING: ['ride', null],
  BMX: ['ride', null],
  SWIMMING: ['swim', null],
  LAP_SWIMMING: ['swim', 'pool'],
  OPEN_WATER_SWIMMING: ['swim', 'open_water'],
  STRENGTH_TRAINING: ['strength', null],
  MULTI_SPORT: ['multisport', null],
  TRANSITION: ['transition', null],
  OTHER: ['other', null],
};

/** Parts between two sports of one race: `SWIM_TO_BIKE_TRANSITION`, `BIKE_TO_RUN_TRANSITION` … */
const TRANSITION = /_TRANSITION$/;

export function sportOf(activityType: unknown): SportReading {
  if (typeof activityType !== 'string' || activityType.trim() === '') {
    return { sport: 'other', subSport: null, notes: [{ code: 'activity_type_missing' }] };
  }
  const type = canonicalType(activityType);
  const known = Object.hasOwn(SPORT_OF, type) ? SPORT_OF[type] : undefined;
  if (known !== undefined) return { sport: known[0], subSport: known[1], notes: [] };
  if (TRANSITION.test(type)) return { sport: 'transition', subSport: null, notes: [] };
  const raw = activityType.slice(0, 100);
  return { sport: 'other', subSport: null, notes: [{ code: 'activity_type_other', params: { activityType: raw } }] };
}

/** `' trail running '` and `TRAIL_RUNNING_V2` are `TRAIL_RUNNING`. */
export function canonicalType(activityType: string): string {
  return activityType
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
    .replace(/_V\d+$/, '');
}
