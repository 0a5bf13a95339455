/** The columns of one session, out of the columns of the whole file. */
import type { Sport } from '../../model/sport.ts';
import type { Channel, SeriesColumns } from '../decoded.ts';
import { feetCounted } from '../feet-counted.ts';
import type { DeveloperColumn, FitRecords } from './fit-messages.ts';
import { RECORD } from './profile.ts';

const POWER_FIELD = 7;

/** What a session's series is made from. */
export interface SeriesInput {
  records: FitRecords;
  /** The file's heart rates, with those of a strap's memory already spread over them. */
  heartRate: Float64Array | undefined;
  rows: readonly number[];
  startFitS: number;
  sport: Sport;
}

/** A session's columns. A channel without a value in this session is absent. */
export function sessionSeries(input: SeriesInput): { columns: SeriesColumns; powerIsDeveloperField: boolean } {
  const { records, rows, sport } = input;
  const { columns: native } = records;
  const pick = (column: Float64Array | null | undefined): Float64Array | undefined => gather(column, rows);
  const nativePower = pick(native.power);
  const power = nativePower ?? pick(developerPower(records.developer, rows));
  const channels: { [C in Channel]?: Float64Array | undefined } = {
    latitudeDeg: pick(native.position_lat),
    longitudeDeg: pick(native.position_long),
    distanceM: firstKnown(pick(native.distance), pick(records.packedDistance)),
    altitudeM: firstKnown(pick(native.enhanced_altitude), pick(native.altitude)),
    heartRateBpm: pick(input.heartRate),
    cadenceSpm: cadence(pick(native.cadence), pick(native.fractional_cadence), sport),
    powerW: power,
    speedMps: firstKnown(pick(native.enhanced_speed), pick(native.speed), pick(records.packedSpeed)),
    temperatureC: pick(native.temperature),
  };
  const columns: SeriesColumns = { timeS: times(input) };
  for (const [channel, values] of Object.entries(channels) as [Exclude<Channel, 'timeS'>, Float64Array | undefined][]) {
    if (values !== undefined) columns[channel] = values;
  }
  return { columns, powerIsDeveloperField: nativePower === undefined && power !== undefined };
}

function times({ records, rows, startFitS }: SeriesInput): Float64Array {
  const timeS = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) timeS[i] = records.timestamp[rows[i]!]! - startFitS;
  return timeS;
}

/** The values of these rows, or undefined when none of them has one. */
function gather(column: Float64Array | null | undefined, rows: readonly number[]): Float64Array | undefined {
  if (column === null || column === undefined) return undefined;
  const values = new Float64Array(rows.length);
  let found = false;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!;
    values[i] = value;
    if (!Number.isNaN(value)) found = true;
  }
  return found ? values : undefined;
}

/** Per record the value of the first column that has one; undefined when no column is there. */
function firstKnown(...columns: (Float64Array | undefined)[]): Float64Array | undefined {
  const [first, ...others] = columns.filter((column) => column !== undefined);
  return others.reduce((known, other) => known?.map((value, i) => (Number.isNaN(value) ? other[i]! : value)), first);
}

/** Runners' devices count one foot; the fraction is the part of a stride that a whole number drops. */
function cadence(
  perMinute: Float64Array | undefined,
  fraction: Float64Array | undefined,
  sport: Sport,
): Float64Array | undefined {
  const feet = feetCounted(sport);
  return perMinute?.map((value, i) => feet * (value + (fraction?.[i] || 0)));
}

/**
 * Running power that a foot pod's app writes: a developer field that declares itself the record's power, or is called
 * just that. With several such, the one with most values.
 */
function developerPower(developer: readonly DeveloperColumn[], rows: readonly number[]): Float64Array | undefined {
  let best: { values: Float64Array; count: number } | undefined;
  for (const { description, values } of developer) {
    const standsForPower = description.nativeMessage === RECORD.global && description.nativeField === POWER_FIELD;
    if (!standsForPower && description.name.trim().toLowerCase() !== 'power') continue;
    const count = rows.reduce((sum, row) => (Number.isNaN(values[row]!) ? sum : sum + 1), 0);
    if (count > (best?.count ?? 0)) best = { values, count };
  }
  return best?.values;
}
