/**
 * Ascent and descent from a stream of altitudes, by hysteresis: a change counts once it exceeds the threshold, so that
 * noise on a flat road does not add up to a mountain. Thresholds: 2 m for a barometer, 10 m for anything else (merge
 * rules, "elevation correction").
 */
const THRESHOLD_M = { barometric: 2, gps: 10 } as const;

/** Whole metres up and down, or null when no altitude is known. */
export function climb(
  altitudeM: Float64Array | undefined,
  source: 'barometric' | 'gps' | null,
): { ascentM: number; descentM: number } | null {
  const threshold = THRESHOLD_M[source ?? 'gps'];
  let reference = Number.NaN;
  let ascentM = 0;
  let descentM = 0;
  for (const altitude of altitudeM ?? []) {
    if (Number.isNaN(altitude)) continue;
    if (Number.isNaN(reference)) reference = altitude;
    const change = altitude - reference;
    if (Math.abs(change) < threshold) continue;
    if (change > 0) ascentM += change;
    else descentM -= change;
    reference = altitude;
  }
  return Number.isNaN(reference) ? null : { ascentM: Math.round(ascentM), descentM: Math.round(descentM) };
}
