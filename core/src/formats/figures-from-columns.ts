/** The figures that an activity's series can tell, for want of a summary; the rest stays null. */
import { climb } from './climb.ts';
import type { SeriesColumns, SessionFigures } from './decoded.ts';
import { NO_FIGURES } from './nothing-stated.ts';
import { plainZero } from './plain-zero.ts';

/** Figures of all points. `timerS` is null: points do not tell a pause from a lost signal. */
export function figuresFromColumns(
  columns: SeriesColumns,
  altitudeSource: 'barometric' | 'gps' | null,
): SessionFigures {
  const { timeS } = columns;
  const heartRate = meanAndMax(columns.heartRateBpm);
  const cadence = meanAndMax(columns.cadenceSpm);
  const power = meanAndMax(columns.powerW);
  const temperature = meanAndMax(columns.temperatureC);
  const height = climb(columns.altitudeM, altitudeSource);
  return {
    ...NO_FIGURES,
    elapsedS: timeS.length === 0 ? null : timeS[timeS.length - 1]! - timeS[0]!,
    distanceM: covered(columns.distanceM),
    ascentM: height?.ascentM ?? null,
    descentM: height?.descentM ?? null,
    avgHeartRateBpm: rounded(heartRate?.mean),
    maxHeartRateBpm: heartRate?.max ?? null,
    avgCadenceSpm: rounded(cadence?.mean),
    maxCadenceSpm: cadence?.max ?? null,
    avgPowerW: rounded(power?.mean),
    maxPowerW: power?.max ?? null,
    maxSpeedMps: meanAndMax(columns.speedMps)?.max ?? null,
    avgTemperatureC: rounded(temperature?.mean),
  };
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
  return value === undefined ? null : plainZero(Math.round(value));
}
