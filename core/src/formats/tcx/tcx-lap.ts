/**
 * A lap of a TCX file, as the device cut it and summed it up.
 *
 * The schema makes TotalTimeSeconds, DistanceMeters and Calories obligatory, so programs that do not know them write 0:
 * of a lap, 0 says nothing.
 */
import { numberOrNull } from '../track/text-values.ts';

export interface TcxLap {
  startMs: number | null;
  /** Its points: rows `from` to before `to`. */
  from: number;
  to: number;
  timerS: number | null;
  distanceM: number | null;
  maxSpeedMps: number | null;
  energyKcal: number | null;
  avgHeartRateBpm: number | null;
  maxHeartRateBpm: number | null;
  /** Of one foot, for a run; as FIT has it. */
  avgCadence: number | null;
  maxCadence: number | null;
  avgPowerW: number | null;
  maxPowerW: number | null;
}

export function createTcxLap(startMs: number | null, row: number): TcxLap {
  return {
    startMs,
    from: row,
    to: row,
    timerS: null,
    distanceM: null,
    maxSpeedMps: null,
    energyKcal: null,
    avgHeartRateBpm: null,
    maxHeartRateBpm: null,
    avgCadence: null,
    maxCadence: null,
    avgPowerW: null,
    maxPowerW: null,
  };
}

type Figure = Exclude<keyof TcxLap, 'startMs' | 'from' | 'to'>;

/** Element, the element around it, what it means, its range. A range that begins above 0 makes 0 unknown. */
const VALUES: readonly (readonly [name: string, parent: string, Figure, min: number, max: number])[] = [
  ['TotalTimeSeconds', 'Lap', 'timerS', 0.001, 30 * 86_400],
  ['DistanceMeters', 'Lap', 'distanceM', 0.001, 2_000_000],
  ['MaximumSpeed', 'Lap', 'maxSpeedMps', 0.001, 100],
  ['Calories', 'Lap', 'energyKcal', 1, 50_000],
  ['Value', 'AverageHeartRateBpm', 'avgHeartRateBpm', 1, 260],
  ['Value', 'MaximumHeartRateBpm', 'maxHeartRateBpm', 1, 260],
  ['Cadence', 'Lap', 'avgCadence', 0, 254],
  ['AvgRunCadence', 'LX', 'avgCadence', 0, 254],
  ['MaxRunCadence', 'LX', 'maxCadence', 0, 254],
  ['MaxBikeCadence', 'LX', 'maxCadence', 0, 254],
  ['AvgWatts', 'LX', 'avgPowerW', 0, 5_000],
  ['MaxWatts', 'LX', 'maxPowerW', 0, 5_000],
];

/** The extension comes last and is finer, so the later word counts. A transition is a lap by another name. */
export function readLapValue(lap: TcxLap, name: string, text: string, parent: string | null): void {
  const around = parent === 'Transition' ? 'Lap' : parent;
  const value = VALUES.find((each) => each[0] === name && each[1] === around);
  if (value === undefined) return;
  const [, , figure, min, max] = value;
  lap[figure] = numberOrNull(text, min, max) ?? lap[figure];
}
