/** One session of a TCX or GPX file: its points in order of time, and the figures they tell or the file states. */

import type { Sport, SubSport } from '../../model/sport.ts';
import type { NoteCode } from '../activity-file-codes.ts';
import type { MeasuredChannel } from '../channel-range.ts';
import type { DecodedLap, DecodedSession, DecodeNote, SeriesColumns, SessionFigures } from '../decoded.ts';
import { feetCounted } from '../feet-counted.ts';
import { figuresFromColumns } from '../figures-from-columns.ts';
import { movingSeconds } from '../moving-time.ts';
import { isWithin, windowAroundMiddle } from '../time-window.ts';
import { distanceAlong, pausedSeconds } from './along-track.ts';
import type { TrackColumns } from './track-points.ts';

/** What a session is made from. */
export interface TrackSession {
  part: number;
  sport: Sport;
  subSport: SubSport | null;
  /** When it began, if the file says so apart from its points. */
  startedAtMs: number | null;
  /** Its points, as rows of the file's, in the order they are written. */
  rows: readonly number[];
  /** The first row of each of its segments. */
  segmentStarts: ReadonlySet<number>;
  /** What the file states; it goes before what the points tell. */
  stated: Partial<SessionFigures>;
  /** How long it lasted at least, by what the file states of its laps; null when it does not. */
  leastElapsedS: number | null;
  laps: DecodedLap[];
}

/** A stated start is believed as long as the points begin within this of it. */
const START_SLACK_MS = 3_600_000;
/** One foot of a runner touches the ground 120 times a minute at the very most; more than that counts both feet. */
const MOST_STRIDES_PER_MINUTE = 120;

export function decodeTrackSession(
  points: TrackColumns,
  from: TrackSession,
): { session: DecodedSession; notes: DecodeNote[] } {
  const { part, sport, subSport, rows: all, stated, laps } = from;
  const notes: DecodeNote[] = [];
  const note = (code: NoteCode, params: Record<string, string | number> = {}) =>
    notes.push({ code, params: { part, ...params } });
  const { rows, reordered } = inOrder(believable(points.timeMs, all), points.timeMs);
  if (reordered) note('records_reordered');
  if (rows.length < all.length) note('records_set_aside', { records: all.length - rows.length });
  const firstMs = rows.length === 0 ? null : points.timeMs[rows[0]!]!;
  const startedAtMs = startOf(from.startedAtMs, firstMs);
  if (from.startedAtMs !== null && startedAtMs !== from.startedAtMs) note('start_from_records');

  const columns = columnsOf(points, rows, startedAtMs ?? 0);
  const beginsSegment = (point: number) => point > 0 && from.segmentStarts.has(rows[point]!);
  if (columns.cadenceSpm !== undefined && countBothFeet(columns.cadenceSpm, sport)) note('cadence_of_both_feet');
  if (columns.distanceM === undefined) {
    const distanceM = distanceAlong(columns, beginsSegment);
    if (distanceM !== undefined) columns.distanceM = distanceM;
    if (distanceM !== undefined && stated.distanceM === undefined) note('distance_from_positions');
  }
  const figures = { ...figuresFromColumns(columns, null), ...stated };
  const elapsedS = elapsedOf(columns.timeS, from.leastElapsedS);
  const timerS = stated.timerS ?? (elapsedS === null ? null : elapsedS - pausedSeconds(columns, beginsSegment));
  const movingS = movingSeconds(columns, timerS);
  const session: DecodedSession = {
    ...figures,
    part,
    sport,
    subSport,
    startedAtMs,
    elapsedS,
    timerS,
    movingS: movingS === null ? null : Math.min(movingS, timerS ?? movingS, elapsedS ?? movingS),
    laps,
    columns,
    records: all.length,
    recordsSetAside: all.length - rows.length,
    heartRateSource: null,
    altitudeSource: null,
  };
  return { session, notes };
}

/** Rows with a time that can be. */
function believable(timeMs: Float64Array, rows: readonly number[]): number[] {
  const timesS = rows.map((row) => timeMs[row]! / 1_000);
  const window = windowAroundMiddle(timesS);
  return rows.filter((_, i) => isWithin(window, timesS[i]!));
}

function inOrder(rows: number[], timeMs: Float64Array): { rows: number[]; reordered: boolean } {
  const isSorted = rows.every((row, i) => i === 0 || timeMs[rows[i - 1]!]! <= timeMs[row]!);
  if (!isSorted) rows.sort((a, b) => timeMs[a]! - timeMs[b]! || a - b);
  return { rows, reordered: !isSorted };
}

/** From the start to the last point or the end of the last lap. */
function elapsedOf(timeS: Float64Array, leastS: number | null): number | null {
  const lastS = timeS.at(-1) ?? null;
  return lastS === null || leastS === null ? (lastS ?? leastS) : Math.max(lastS, leastS);
}

/** The stated start of a session or lap, unless its points begin at another time altogether. */
export function startOf(statedMs: number | null, firstMs: number | null): number | null {
  if (statedMs === null || firstMs === null) return statedMs ?? firstMs;
  return Math.abs(firstMs - statedMs) <= START_SLACK_MS ? statedMs : firstMs;
}

/** A channel without a value in this session is absent. */
function columnsOf({ timeMs, values }: TrackColumns, rows: readonly number[], startMs: number): SeriesColumns {
  const timeS = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) timeS[i] = (timeMs[rows[i]!]! - startMs) / 1_000;
  const columns: SeriesColumns = { timeS };
  for (const [channel, column] of Object.entries(values) as [MeasuredChannel, Float64Array][]) {
    const own = gather(column, rows);
    if (own !== undefined) columns[channel] = own;
  }
  return columns;
}

/** A loop, because `Float64Array.from` with a function is ten times as slow and this sees every value of every point. */
function gather(column: Float64Array, rows: readonly number[]): Float64Array | undefined {
  const values = new Float64Array(rows.length);
  let found = false;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!;
    values[i] = value;
    found ||= !Number.isNaN(value);
  }
  return found ? values : undefined;
}

/**
 * Makes a cadence count both feet of a runner. Devices write one foot's; some phone apps write both, which shows: no
 * foot is that quick. @returns whether they did so already.
 */
function countBothFeet(cadence: Float64Array, sport: Sport): boolean {
  const feet = feetCounted(sport);
  if (feet === 1) return false;
  const moving = cadence.filter((value) => value > 0).sort();
  if ((moving[moving.length >>> 1] ?? 0) > MOST_STRIDES_PER_MINUTE) return true;
  for (let i = 0; i < cadence.length; i++) cadence[i]! *= feet;
  return false;
}
