/**
 * Samples of a Garmin details record as columns.
 *
 * Vendor facts this file relies on (garmin.md §3.2):
 * - At most one sample a second, irregular; a value holds until the next sample that carries it. We keep the gaps: a
 *   value invented between two samples would look measured.
 * - In a pause `clockDurationInSeconds` grows and `timerDurationInSeconds` does not.
 * - `airTemperatureCelcius` is spelt so.
 */
import type { Channel, SeriesColumns } from '@coach-hub/core/formats';
import { type Item, isItem, numberIn, positiveIn } from './member.ts';

/** Details are not sent for activities over 24 h; pauses may stretch them. */
const LONGEST_S = 2 * 86_400;

export interface DetailSamples {
  /** Channels with at least one value. */
  columns: SeriesColumns;
  /** Seconds since the start without pauses, held from point to point; null when no sample says. */
  timerS: Float64Array | null;
  /** The clocks' last readings, s. */
  clockEndS: number | null;
  movingEndS: number | null;
  /** Samples left out because their time cannot be. */
  setAside: number;
}

type Read = (sample: Item) => number | null;

const latitude: Read = (sample) => within(numberIn(sample, 'latitudeInDegree'), 90);
const longitude: Read = (sample) => within(numberIn(sample, 'longitudeInDegree'), 180);

const READ: { [C in Exclude<Channel, 'timeS'>]: Read } = {
  latitudeDeg: (sample) => (longitude(sample) === null ? null : latitude(sample)),
  longitudeDeg: (sample) => (latitude(sample) === null ? null : longitude(sample)),
  distanceM: (sample) => numberIn(sample, 'totalDistanceInMeters'),
  altitudeM: (sample) => numberIn(sample, 'elevationInMeters'),
  heartRateBpm: (sample) => positiveIn(sample, 'heartRate'),
  cadenceSpm: (sample) => numberIn(sample, 'stepsPerMinute') ?? numberIn(sample, 'bikeCadenceInRPM'),
  powerW: (sample) => numberIn(sample, 'powerInWatts'),
  speedMps: (sample) => numberIn(sample, 'speedMetersPerSecond'),
  temperatureC: (sample) => numberIn(sample, 'airTemperatureCelcius') ?? numberIn(sample, 'airTemperatureCelsius'),
};

export function readSamples(samples: unknown, startS: number): DetailSamples {
  const { points, setAside } = pointsOf(samples, startS);
  const column = (read: Read) => columnOf(points, read);
  const columns: SeriesColumns = { timeS: Float64Array.from(points, ({ timeS }) => timeS) };
  for (const [channel, read] of Object.entries(READ) as [Exclude<Channel, 'timeS'>, Read][]) {
    const values = column(read);
    if (!values.every(Number.isNaN)) columns[channel] = values;
  }
  return {
    columns,
    timerS: held(column((sample) => numberIn(sample, 'timerDurationInSeconds'))),
    clockEndS: lastOf(column((sample) => numberIn(sample, 'clockDurationInSeconds'))),
    movingEndS: lastOf(column((sample) => numberIn(sample, 'movingDurationInSeconds'))),
    setAside,
  };
}

/** A loop, because `Float64Array.from` is ten times as slow. */
function columnOf(points: readonly Point[], read: Read): Float64Array {
  const column = new Float64Array(points.length);
  for (let i = 0; i < points.length; i++) column[i] = read(points[i]!.sample) ?? Number.NaN;
  return column;
}

interface Point {
  timeS: number;
  sample: Item;
}

/** In order of time, one a second: of two samples of one second the members of both, the later ones winning. */
function pointsOf(samples: unknown, startS: number): { points: Point[]; setAside: number } {
  const given = Array.isArray(samples) ? samples : [];
  const bySecond = new Map<number, Item>();
  let setAside = 0;
  for (const sample of given) {
    const atS = isItem(sample) ? numberIn(sample, 'startTimeInSeconds') : null;
    const timeS = atS === null ? Number.NaN : atS - startS;
    if (!(timeS >= 0 && timeS <= LONGEST_S)) setAside += 1;
    else {
      const before = bySecond.get(timeS);
      bySecond.set(timeS, before === undefined ? (sample as Item) : { ...before, ...(sample as Item) });
    }
  }
  const points = [...bySecond].map(([timeS, sample]) => ({ timeS, sample })).sort((a, b) => a.timeS - b.timeS);
  return { points, setAside };
}

/** Every point with what the last one before it said; 0 before the first. */
function held(column: Float64Array): Float64Array | null {
  if (column.every(Number.isNaN)) return null;
  let last = 0;
  return column.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}

function lastOf(column: Float64Array): number | null {
  return column.findLast((value) => !Number.isNaN(value)) ?? null;
}

function within(value: number | null, limit: number): number | null {
  return value !== null && Math.abs(value) <= limit ? value : null;
}
