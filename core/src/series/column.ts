/**
 * One channel as bytes: its presence, then for each value the difference from the one before, in whole steps.
 *
 * A column that mostly grows at a steady rate (time, distance, position) keeps the difference of the differences
 * instead, which stays near zero. Gaps are skipped: the value after one follows the value before it.
 */
import { readPresence, writePresence } from './presence.ts';
import { unreadableSeries } from './unreadable-series.ts';
import { MAX_VARINT_BYTES, VarintReader, writeSignedVarint } from './varint.ts';

/** How a column is written. Both figures are stored with it, so a reader needs no table of channels. */
export interface ColumnForm {
  /** The step it is rounded to, as steps per unit: 5 is a step of 0.2. */
  stepsPerUnit: number;
  /** 1: differences. 2: differences of differences. */
  order: 1 | 2;
}

/**
 * Steps from zero a value may be. It keeps every difference exact; a value beyond it is no measurement (34 years in
 * milliseconds, ten million kilometres in centimetres) and becomes a gap.
 */
const MAX_STEPS = 2 ** 40;

/** Bytes a column of so many points can have before compression. */
export function columnBytesAtMost(points: number): number {
  return points * (MAX_VARINT_BYTES + 1) + 2;
}

/** Adding and taking away 1.5 × 2^52 rounds to the nearest whole number, three times as fast as `Math.round`. */
const ROUNDING = 1.5 * 2 ** 52;

/** The values in whole steps, rounded; `NaN` where there is none. */
export function toSteps(column: Float64Array, stepsPerUnit: number, steps: Float64Array): void {
  for (let i = 0; i < column.length; i++) {
    const scaled = column[i]! * stepsPerUnit;
    steps[i] = Math.abs(scaled) <= MAX_STEPS ? scaled + ROUNDING - ROUNDING : Number.NaN;
  }
}

/** Writes a column of whole steps into `bytes`, which must have room (`columnBytesAtMost`). @returns its length. */
export function writeColumn(bytes: Uint8Array, steps: Float64Array, order: ColumnForm['order']): number {
  let end = writePresence(bytes, 0, steps);
  let previous = 0;
  let expected = 0;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (Number.isNaN(step)) continue;
    const difference = step - previous;
    end = writeSignedVarint(bytes, end, difference - expected);
    previous = step;
    if (order === 2) expected = difference;
  }
  return end;
}

/**
 * Reads a column back into units.
 *
 * @throws HubError `file_unreadable` when the bytes are not a column of so many points.
 */
export function readColumn(bytes: Uint8Array, points: number, form: ColumnForm): Float64Array {
  const reader = new VarintReader(bytes);
  const ends = readPresence(reader, points);
  const column = new Float64Array(points);
  const { stepsPerUnit, order } = form;
  let step = 0;
  let expected = 0;
  let i = 0;
  for (let run = 0; run < ends.length; run++) {
    const end = ends[run]!;
    if (run % 2 === 1) {
      column.fill(Number.NaN, i, end);
      i = end;
      continue;
    }
    for (; i < end; i++) {
      const difference = reader.readSigned() + expected;
      step += difference;
      if (order === 2) expected = difference;
      if (step > MAX_STEPS || step < -MAX_STEPS) throw unreadableSeries('A value is larger than any that is written.');
      column[i] = step / stepsPerUnit;
    }
  }
  if (reader.at !== bytes.length) throw unreadableSeries('A column has bytes left over.');
  return column;
}
