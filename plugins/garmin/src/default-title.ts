/**
 * Garmin names every activity by itself: the place and the type ("Zurich Running"), or the type alone ("Treadmill
 * Running"). Such a name is nobody's title, and stating it would hide the one the athlete gives in the app.
 *
 * The rule: a name is a default when it is a display name of the activity's type, or ends in one as a word of its own.
 * A type's display names are its words ("Trail Running"), its family's ("Running"), and the few Garmin words
 * differently. An athlete's title that ends so is taken for a default: losing it is the lesser harm.
 */
import { canonicalType } from './activity-type.ts';

/** Names Garmin gives other than by the type's own words. */
const OTHER_NAMES: { readonly [activityType: string]: readonly string[] } = {
  ULTRA_RUN: ['ultra running'],
  OBSTACLE_RUN: ['obstacle course racing', 'obstacle running'],
  VIRTUAL_RUN: ['virtual running'],
  ROAD_BIKING: ['road cycling'],
  MOUNTAIN_BIKING: ['mountain biking'],
  VIRTUAL_RIDE: ['virtual cycling'],
  LAP_SWIMMING: ['pool swim', 'pool swimming'],
  OPEN_WATER_SWIMMING: ['open water swim', 'open water'],
  STRENGTH_TRAINING: ['strength'],
  INDOOR_CARDIO: ['cardio'],
  MULTI_SPORT: ['multisport', 'triathlon'],
};
const FAMILIES = ['running', 'cycling', 'biking', 'walking', 'hiking', 'swimming'];

/** @returns the title an athlete gave, or null when there is none. */
export function titleOf(activityName: unknown, activityType: unknown): string | null {
  if (typeof activityName !== 'string') return null;
  const name = activityName.trim();
  if (name === '' || typeof activityType !== 'string') return name === '' ? null : name;
  const words = name.toLowerCase();
  const isDefault = displayNames(canonicalType(activityType)).some(
    (each) => words === each || words.endsWith(` ${each}`),
  );
  return isDefault ? null : name;
}

function displayNames(type: string): string[] {
  const own = type.toLowerCase().replaceAll('_', ' ');
  const families = FAMILIES.filter((family) => own.endsWith(family) || (own.endsWith(' run') && family === 'running'));
  return [own, ...families, ...(OTHER_NAMES[type] ?? [])];
}
