/**
 * Laps of a Garmin details record. Garmin gives their start times and nothing else, so every figure comes from the
 * samples. The last lap ends with the activity.
 */
import type { DecodedLap } from '@coach-hub/core/formats';
import type { DetailSamples } from './detail-samples.ts';
import { highestIn, meanHeld, valueAt } from './held-value.ts';
import { isItem, numberIn } from './member.ts';

const MAX_LAPS = 2_000;

export function lapsOf(laps: unknown, samples: DetailSamples, startS: number, elapsedS: number): DecodedLap[] {
  const starts = lapStarts(laps, startS, elapsedS);
  return starts.map((fromS, lap) => lapOf(samples, startS, fromS, starts[lap + 1] ?? elapsedS));
}

function lapStarts(laps: unknown, startS: number, elapsedS: number): number[] {
  const given = Array.isArray(laps) ? laps : [];
  const starts = given.map((lap) =>
    isItem(lap) ? (numberIn(lap, 'startTimeInSeconds') ?? Number.NaN) - startS : Number.NaN,
  );
  return [...new Set(starts.filter((fromS) => fromS >= 0 && fromS < elapsedS))]
    .sort((a, b) => a - b)
    .slice(0, MAX_LAPS);
}

function lapOf({ columns, timerS }: DetailSamples, startS: number, fromS: number, toS: number): DecodedLap {
  const { timeS, distanceM, heartRateBpm, cadenceSpm, powerW } = columns;
  const span = { timeS, timerS, fromS, toS };
  return {
    startedAtMs: Math.round((startS + fromS) * 1_000),
    elapsedS: toS - fromS,
    timerS: grown(timeS, timerS, fromS, toS),
    distanceM: grown(timeS, distanceM, fromS, toS),
    avgHeartRateBpm: whole(meanHeld(heartRateBpm, span)),
    maxHeartRateBpm: highestIn(heartRateBpm, span),
    avgCadenceSpm: whole(meanHeld(cadenceSpm, span, isMoving)),
    avgPowerW: whole(meanHeld(powerW, span)),
    ascentM: null, // left to the one algorithm that reads altitude
  };
}

/** By how much a running total grew; null when it is not known at the end. */
function grown(timeS: Float64Array, total: Float64Array | null | undefined, fromS: number, toS: number): number | null {
  const end = valueAt(timeS, total, toS);
  if (end === null) return null;
  const difference = end - (valueAt(timeS, total, fromS) ?? 0);
  return difference >= 0 ? Math.round(difference * 100) / 100 : null;
}

/** Standing still is no cadence. */
function isMoving(stepsPerMinute: number): boolean {
  return stepsPerMinute > 0;
}

function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
