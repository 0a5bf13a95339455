/**
 * Points of a TCX or GPX file, in columns. A file has one such list; sessions and laps are places in it.
 *
 * What cannot have been measured is left out here, so that one damaged digit does not become a highest heart rate.
 */

import { isPosition } from '../../series/position.ts';
import { CHANNEL_RANGES, type MeasuredChannel } from '../channel-range.ts';
import { XML_LIMITS } from '../xml/xml-limits.ts';
import { numberIn } from './text-values.ts';

/** What a point can hold besides its time. */
const CHANNELS = Object.keys(CHANNEL_RANGES) as MeasuredChannel[];
const FIRST_ROWS = 1_024;

/** All points, each column as long as `timeMs`. A channel that no point has is absent. Times are NaN where unknown. */
export interface TrackColumns {
  timeMs: Float64Array;
  values: { readonly [C in MeasuredChannel]?: Float64Array };
}

export class TrackPoints {
  /** Points kept; the row of the next one. */
  count = 0;
  /** Points left out because the file has too many. */
  beyondLimit = 0;
  private timeMs = new Float64Array(FIRST_ROWS);
  private readonly columns = new Map<MeasuredChannel, Float64Array>();
  private readonly point = new Map<MeasuredChannel, number>();
  private pointMs = Number.NaN;

  /** Begins a point; one that was begun and not added is dropped. */
  begin(): void {
    this.point.clear();
    this.pointMs = Number.NaN;
  }

  at(epochMs: number): void {
    this.pointMs = epochMs;
  }

  /** A value as it is written. The first that can be counts. */
  set(channel: MeasuredChannel, text: string | undefined): void {
    const value = numberIn(text, ...CHANNEL_RANGES[channel]);
    if (!Number.isNaN(value) && !this.point.has(channel)) this.point.set(channel, value);
  }

  /** @returns whether it was kept. */
  add(): boolean {
    const row = this.count;
    if (row === XML_LIMITS.records) {
      this.beyondLimit++;
      return false;
    }
    if (row === this.timeMs.length) this.grow();
    this.timeMs[row] = this.pointMs;
    // Half a position is none.
    if (!isPosition(this.point.get('latitudeDeg') ?? Number.NaN, this.point.get('longitudeDeg') ?? Number.NaN)) {
      this.point.delete('latitudeDeg');
      this.point.delete('longitudeDeg');
    }
    for (const [channel, value] of this.point) this.columnOf(channel)[row] = value;
    this.count = row + 1;
    return true;
  }

  finish(): TrackColumns {
    const values: { [C in MeasuredChannel]?: Float64Array } = {};
    for (const channel of CHANNELS) {
      const column = this.columns.get(channel);
      if (column !== undefined) values[channel] = column.subarray(0, this.count);
    }
    return { timeMs: this.timeMs.subarray(0, this.count), values };
  }

  private columnOf(channel: MeasuredChannel): Float64Array {
    const known = this.columns.get(channel);
    if (known !== undefined) return known;
    const column = new Float64Array(this.timeMs.length).fill(Number.NaN);
    this.columns.set(channel, column);
    return column;
  }

  private grow(): void {
    const length = Math.min(XML_LIMITS.records, this.timeMs.length * 2);
    const grown = (column: Float64Array) => {
      const larger = new Float64Array(length).fill(Number.NaN);
      larger.set(column);
      return larger;
    };
    this.timeMs = grown(this.timeMs);
    for (const [channel, column] of this.columns) this.columns.set(channel, grown(column));
  }
}
