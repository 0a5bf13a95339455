/** The day's value of a measure that was taken more than once: the first of the day, as of a morning weight. Pure. */

import { instantOf, numberOf } from '../ledger/record.ts';
import type { JsonObject } from '../wire/json.ts';

/**
 * @param measurements `data` of the measurements of one local date.
 * @returns null where none of them states the field.
 */
export function dailyMeasurement(measurements: readonly JsonObject[], field: string): number | null {
  const stating = measurements
    .map((data) => ({ value: numberOf(data[field]), at: instantOf(data.startedAt) ?? Number.POSITIVE_INFINITY }))
    .filter((each): each is { value: number; at: number } => each.value !== null)
    .sort((a, b) => a.at - b.at || a.value - b.value);
  return stating[0]?.value ?? null;
}
