/** A longer gap between two points counts as a pause or a lost sensor, not as recorded time. */
const MAX_GAP_S = 30;

/** Seconds of an activity its series covers: the time between neighbouring points, without gaps over 30 s. */
export function coverageOf(timeS: Float64Array): number {
  let coveredS = 0;
  for (let i = 1; i < timeS.length; i++) {
    const gapS = timeS[i]! - timeS[i - 1]!;
    if (gapS > 0 && gapS <= MAX_GAP_S) coveredS += gapS;
  }
  return coveredS;
}
