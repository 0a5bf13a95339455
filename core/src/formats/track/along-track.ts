/**
 * Distance along positions, and pauses, for files that state neither.
 *
 * Points of one segment belong together, so what lies between them was covered; standing still for more than 30 s
 * without a point is a pause. Where a new segment begins, the timer stood still or reception was lost: the way across
 * counts, and its time, when somebody could have covered it on foot. The same speeds as for moving time.
 */
import type { SeriesColumns } from '../decoded.ts';
import { metresBetween } from '../metres-between.ts';
import { GAP_S, MOVING_MPS, PLAUSIBLE_GAP_MPS } from '../moving-time.ts';

/** Whether a new segment begins at a point. */
export type BeginsSegment = (point: number) => boolean;

/** Metres from the first position on; NaN where there is none. Undefined without two positions. */
export function distanceAlong(columns: SeriesColumns, beginsSegment: BeginsSegment): Float64Array | undefined {
  const { timeS, latitudeDeg, longitudeDeg } = columns;
  if (latitudeDeg === undefined || longitudeDeg === undefined) return undefined;
  const distanceM = new Float64Array(timeS.length).fill(Number.NaN);
  let last = -1;
  let metres = 0;
  let hasBreak = false;
  let positions = 0;
  for (let i = 0; i < timeS.length; i++) {
    hasBreak ||= beginsSegment(i);
    if (Number.isNaN(latitudeDeg[i]!)) continue;
    if (last >= 0) {
      const stepM = metresBetween(latitudeDeg[last]!, longitudeDeg[last]!, latitudeDeg[i]!, longitudeDeg[i]!);
      if (!hasBreak || isOnFoot(stepM, timeS[i]! - timeS[last]!)) metres += stepM;
    }
    distanceM[i] = Math.round(metres * 100) / 100; // as fine as a series keeps it
    last = i;
    hasBreak = false;
    positions++;
  }
  return positions > 1 ? distanceM : undefined;
}

/** Seconds that were a pause. Where no distance is known, only segments tell. */
export function pausedSeconds({ timeS, distanceM }: SeriesColumns, beginsSegment: BeginsSegment): number {
  const hasDistance = distanceM?.some((metres) => metres > 0) ?? false;
  let pausedS = 0;
  let lastM = 0;
  for (let i = 0; i < timeS.length; i++) {
    const metres = distanceM?.[i] ?? Number.NaN;
    const nowM = Number.isNaN(metres) ? lastM : metres;
    const stepS = i === 0 ? 0 : timeS[i]! - timeS[i - 1]!;
    const stoodStill = hasDistance && stepS > GAP_S && nowM - lastM < MOVING_MPS * stepS;
    if (stoodStill || (beginsSegment(i) && !isOnFoot(nowM - lastM, stepS))) pausedS += stepS;
    lastM = nowM;
  }
  return pausedS;
}

function isOnFoot(metres: number, seconds: number): boolean {
  const speed = metres / seconds;
  return speed >= MOVING_MPS && speed <= PLAUSIBLE_GAP_MPS;
}
