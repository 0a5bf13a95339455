/**
 * The time series of an activity as bytes, and back.
 *
 * Each channel is a column by itself: rounded to its step, kept as differences, compressed alone. So one channel is read
 * without touching the others. `series-head.ts` has the layout, `column.ts` the columns, `channel-form.ts` the steps.
 * The same columns give the same bytes.
 */
import { HubError } from '../error/hub-error.ts';
import { CHANNELS, type Channel, type SeriesColumns } from '../formats/decoded.ts';
import { formOf } from './channel-form.ts';
import { columnBytesAtMost, readColumn, toSteps, writeColumn } from './column.ts';
import { packColumn, unpackColumn } from './pack-column.ts';
import { MAX_POINTS, type StoredChannel, seriesHead, writeSeriesHead } from './series-head.ts';
import { unreadableSeries } from './unreadable-series.ts';

export interface EncodedSeries {
  bytes: Uint8Array;
  /** What can be read from it, `timeS` included, in the order of `CHANNELS`. */
  channels: string[];
  points: number;
}

/**
 * Encodes the columns of one session. A channel without a single value is left out. Infinite values, and ones beyond
 * anything measurable, are gaps.
 *
 * @throws RangeError when a column has another length than `timeS`, or a point has no time.
 * @throws HubError `payload_too_large` beyond 500,000 points.
 */
export function encodeSeries(columns: SeriesColumns): EncodedSeries {
  const points = columns.timeS.length;
  if (points > MAX_POINTS) throw tooManyPoints(points);
  if (!hasEveryTime(columns.timeS)) throw new RangeError('Every point of a series needs a time.');
  const steps = new Float64Array(points);
  const scratch = new Uint8Array(columnBytesAtMost(points));
  const written: { channel: Omit<StoredChannel, 'offset'>; stored: Uint8Array }[] = [];
  for (const name of CHANNELS) {
    const column = columns[name];
    if (column === undefined) continue;
    if (column.length !== points) throw new RangeError(`${name} has ${column.length} points, timeS ${points}.`);
    const form = formOf(name, column);
    toSteps(column, form.stepsPerUnit, steps);
    if (name !== 'timeS' && steps.every(Number.isNaN)) continue;
    const columnBytes = writeColumn(scratch, steps, form.order);
    const { packing, stored } = packColumn(scratch.subarray(0, columnBytes));
    written.push({ channel: { name, ...form, packing, columnBytes, storedBytes: stored.length }, stored });
  }
  const channels = written.map(({ channel }) => channel);
  const parts = [writeSeriesHead(points, channels), ...written.map(({ stored }) => stored)];
  return { bytes: joined(parts), channels: channels.map(({ name }) => name), points };
}

/**
 * Decodes the asked channels, all of them by default; the others are not even unpacked. `timeS` always comes along,
 * since nothing can be placed without it. A channel the series does not have is absent.
 *
 * @throws HubError `file_unreadable` when the bytes are damaged. What it allocates is bounded, whatever they claim.
 */
export function decodeSeries(bytes: Uint8Array, channels: readonly Channel[] = CHANNELS): SeriesColumns {
  const head = seriesHead(bytes);
  if (head.totalBytes !== bytes.length) throw unreadableSeries('It has another length than its head says.');
  const read = (name: Channel): Float64Array | undefined => {
    const channel = head.channels.find((each) => each.name === name);
    if (channel === undefined) return undefined;
    const stored = bytes.subarray(channel.offset, channel.offset + channel.storedBytes);
    return readColumn(unpackColumn(stored, channel.packing, channel.columnBytes), head.points, channel);
  };
  const timeS = read('timeS');
  if (timeS === undefined) throw unreadableSeries('It has no times.');
  if (!hasEveryTime(timeS)) throw unreadableSeries('One of its points has no time.');
  const columns: SeriesColumns = { timeS };
  for (const name of channels) {
    if (name === 'timeS') continue;
    const column = read(name);
    if (column !== undefined) columns[name] = column;
  }
  return columns;
}

/** A loop, because `every` is ten times as slow and this sees every point. */
function hasEveryTime(timeS: Float64Array): boolean {
  for (let i = 0; i < timeS.length; i++) if (!Number.isFinite(timeS[i])) return false;
  return true;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function tooManyPoints(points: number): HubError {
  return new HubError('payload_too_large', {
    what: `A recording has ${points} points.`,
    why: `A series may have ${MAX_POINTS}.`,
    fix: 'Split the recording, or export it with fewer points.',
    details: { points, maxPoints: MAX_POINTS },
  });
}
