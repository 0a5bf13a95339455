/** The columns of one session, out of the columns of the whole file. */
import type { Sport } from '../../model/sport.ts';
import { isPosition } from '../../series/position.ts';
import { CHANNEL_RANGES, type MeasuredChannel } from '../channel-range.ts';
import type { SeriesColumns } from '../decoded.ts';
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

export interface SessionSeries {
  columns: SeriesColumns;
  powerIsDeveloperField: boolean;
  /** Channels of which values were left out, because nothing measures them. */
  outOfRange: MeasuredChannel[];
}

/** A session's columns. A channel without a value in this session is absent. Half a position is none. */
export function sessionSeries(input: SeriesInput): SessionSeries {
  const { records, rows, sport } = input;
  const { columns: native } = records;
  const pick = (column: Float64Array | null | undefined): Float64Array | undefined => gather(column, rows);
  const nativePower = pick(native.power);
  const power = nativePower ?? pick(developerPower(records.developer, rows));
  const channels: { [C in MeasuredChannel]: Float64Array | undefined } = {
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
  const outOfRange: MeasuredChannel[] = [];
  for (const [channel, values] of Object.entries(channels) as [MeasuredChannel, Float64Array | undefined][]) {
    if (values === undefined) continue;
    const [least, most] = CHANNEL_RANGES[channel];
    const ownMost = channel === 'cadenceSpm' ? most * feetCounted(sport) : most;
    if (dropBeyond(values, least, ownMost)) outOfRange.push(channel);
    if (values.some((value) => !Number.isNaN(value))) columns[channel] = values;
  }
  dropHalfPositions(columns);
  return { columns, powerIsDeveloperField: nativePower === undefined && power !== undefined, outOfRange };
}

/** @returns whether there was any. */
function dropBeyond(values: Float64Array, least: number, most: number): boolean {
  let found = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= least && value <= most) continue;
    if (!Number.isNaN(value)) found = true;
    values[i] = Number.NaN;
  }
  return found;
}

function dropHalfPositions(columns: SeriesColumns): void {
  const { latitudeDeg, longitudeDeg } = columns;
  let positions = 0;
  for (let i = 0; i < columns.timeS.length; i++) {
    if (isPosition(latitudeDeg?.[i] ?? Number.NaN, longitudeDeg?.[i] ?? Number.NaN)) {
      positions += 1;
      continue;
    }
    if (latitudeDeg !== undefined) latitudeDeg[i] = Number.NaN;
    if (longitudeDeg !== undefined) longitudeDeg[i] = Number.NaN;
  }
  if (positions > 0) return;
  delete columns.latitudeDeg;
  delete columns.longitudeDeg;
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
