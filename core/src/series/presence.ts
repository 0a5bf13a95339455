/**
 * Which points of a column have a value, as run lengths: values, gap, values, gap … until every point is counted.
 * The first run may be empty (a column that starts in a gap); no other is.
 */
import { unreadableSeries } from './unreadable-series.ts';
import { type VarintReader, writeVarint } from './varint.ts';

/** Writes the runs of a column, where `NaN` is a gap. @returns where the next byte goes. */
export function writePresence(bytes: Uint8Array, at: number, column: Float64Array): number {
  let end = at;
  let present = true;
  let runStart = 0;
  for (let i = 0; i < column.length; i++) {
    if (Number.isNaN(column[i]!) !== present) continue;
    end = writeVarint(bytes, end, i - runStart);
    runStart = i;
    present = !present;
  }
  return writeVarint(bytes, end, column.length - runStart);
}

/**
 * Reads runs until they count `points`. @returns the index where each run ends: values to the first, gap to the second …
 * @throws HubError `file_unreadable` when they do not add up.
 */
export function readPresence(reader: VarintReader, points: number): number[] {
  const ends: number[] = [];
  let end = 0;
  do {
    const run = reader.read();
    if (run === 0 && ends.length > 0) throw unreadableSeries('A run of a column is empty.');
    end += run;
    if (end > points) throw unreadableSeries('A column has more points than the series.');
    ends.push(end);
  } while (end < points);
  return ends;
}
