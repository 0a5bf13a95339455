/**
 * The figures of an activity whose session message is missing: the recording was cut off before its end.
 *
 * Only what records and timer events can tell; the rest stays null.
 */
import { climb } from '../climb.ts';
import type { SeriesColumns } from '../decoded.ts';
import type { EventMessage } from './fit-messages.ts';
import type { SessionFigures } from './session-summary.ts';

const TIMER_EVENT = 0;
const TIMER_START = 0;
/** stop, stop_all, stop_disable, stop_disable_all */
const TIMER_STOPS: ReadonlySet<number> = new Set([1, 4, 8, 9]);

/** @param startFitS the time that `columns.timeS` counts from. */
export function figuresFromRecords(
  columns: SeriesColumns,
  events: readonly EventMessage[],
  startFitS: number,
  altitudeSource: 'barometric' | 'gps' | null,
): SessionFigures {
  const { timeS } = columns;
  const elapsedS = timeS.length === 0 ? null : timeS[timeS.length - 1]! - timeS[0]!;
  const heartRate = meanAndMax(columns.heartRateBpm);
  const cadence = meanAndMax(columns.cadenceSpm);
  const power = meanAndMax(columns.powerW);
  const temperature = meanAndMax(columns.temperatureC);
  const height = climb(columns.altitudeM, altitudeSource);
  return {
    elapsedS,
    timerS: elapsedS === null ? null : elapsedS - stoppedSeconds(events, startFitS, startFitS + elapsedS),
    distanceM: covered(columns.distanceM),
    ascentM: height?.ascentM ?? null,
    descentM: height?.descentM ?? null,
    avgHeartRateBpm: rounded(heartRate?.mean),
    maxHeartRateBpm: heartRate?.max ?? null,
    avgCadenceSpm: rounded(cadence?.mean),
    maxCadenceSpm: cadence?.max ?? null,
    avgPowerW: rounded(power?.mean),
    maxPowerW: power?.max ?? null,
    normalizedPowerW: null,
    maxSpeedMps: meanAndMax(columns.speedMps)?.max ?? null,
    energyKcal: null,
    avgTemperatureC: rounded(temperature?.mean),
    strideLengthM: null,
    verticalOscillationMm: null,
    groundContactMs: null,
    aerobicTrainingEffect: null,
    anaerobicTrainingEffect: null,
    rpe: null,
    feel: null,
  };
}

/** Seconds within the activity during which the timer stood still. A stop without a start lasts to the end. */
function stoppedSeconds(events: readonly EventMessage[], startFitS: number, endFitS: number): number {
  let stoppedS = 0;
  let stoppedAt: number | null = null;
  const until = (fitS: number): void => {
    if (stoppedAt !== null) stoppedS += Math.max(0, Math.min(fitS, endFitS) - Math.max(stoppedAt, startFitS));
    stoppedAt = null;
  };
  for (const { event, event_type, timestamp } of events) {
    if (event !== TIMER_EVENT || event_type === undefined || timestamp === undefined) continue;
    if (event_type === TIMER_START) until(timestamp);
    else if (TIMER_STOPS.has(event_type)) stoppedAt ??= timestamp;
  }
  until(endFitS);
  return stoppedS;
}

/** Distance counts on from the start of the recording, so the highest value is what was covered. */
function covered(distanceM: Float64Array | undefined): number | null {
  return meanAndMax(distanceM)?.max ?? null;
}

function meanAndMax(values: Float64Array | undefined): { mean: number; max: number } | null {
  let sum = 0;
  let count = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values ?? []) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
    if (value > max) max = value;
  }
  return count === 0 ? null : { mean: sum / count, max };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}
