import type { Sport } from '../model/sport.ts';

/**
 * By how much a recorded cadence is multiplied to count both feet of a runner; wheels and strokes are counted once.
 *
 * FIT counts one foot of a runner, and so do the other formats: RunCadence of a TCX extension and `cad` of a GPX one are
 * the same watch's value written once more (52 to 90 in recordings, never 160).
 */
export function feetCounted(sport: Sport): 1 | 2 {
  return sport === 'run' ? 2 : 1;
}
