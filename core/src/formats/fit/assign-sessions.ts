/**
 * Which session each record and each lap belongs to: the last session begun at its time; before the first, the first.
 * Every one belongs to exactly one, so counts over the sessions add up to the file's.
 */
import { isWithin, windowAroundMiddle } from '../time-window.ts';
import type { LapMessage, LengthMessage, SessionMessage } from './fit-messages.ts';
import { windowOfSession } from './plausible-time.ts';

/** A session with what belongs to it. */
export interface AssignedSession {
  /** Null when the file has no session message and this one stands for all of it. */
  message: SessionMessage | null;
  /** FIT seconds; null when neither session nor records have a time. */
  startFitS: number | null;
  /** Whether the start is the first record's because the session's own cannot be. */
  startFromRecords: boolean;
  /** Rows of its records with a plausible time, in order of time. */
  rows: number[];
  /** All of its records. */
  records: number;
  /** Whether the records were not in order of time. */
  reordered: boolean;
  laps: LapMessage[];
  lengths: LengthMessage[];
}

/** The sessions in order of start. Without a session message there is one, of everything. */
export function assignSessions(
  sessions: readonly SessionMessage[],
  recordFitS: Float64Array,
  laps: readonly LapMessage[],
  lengths: readonly LengthMessage[],
): AssignedSession[] {
  const begun = sessions.map((message) => ({ message, startFitS: startOf(message) }));
  begun.sort((a, b) => (a.startFitS ?? Number.NEGATIVE_INFINITY) - (b.startFitS ?? Number.NEGATIVE_INFINITY));
  const starts = begun.map(({ startFitS }) => startFitS ?? Number.NEGATIVE_INFINITY);
  const rows = rowsOfSessions(starts, recordFitS);
  const assigned = (begun.length === 0 ? [{ message: null, startFitS: null }] : begun).map((session, index) =>
    withPlausibleRows(session, rows[index]!, recordFitS),
  );
  for (const lap of laps) assigned[lastBegun(starts, startOf(lap))]!.laps.push(lap);
  for (const length of lengths) assigned[lastBegun(starts, length.start_time ?? null)]!.lengths.push(length);
  return assigned;
}

/** When a session or lap began: stated, or its end less its length. */
export function startOf(message: SessionMessage | LapMessage): number | null {
  if (message.start_time !== undefined) return message.start_time;
  if (message.timestamp === undefined) return null;
  return message.timestamp - Math.round(message.total_elapsed_time ?? 0);
}

/** A record without a time goes with the one before it. */
function rowsOfSessions(starts: readonly number[], recordFitS: Float64Array): number[][] {
  const rows: number[][] = starts.length === 0 ? [[]] : starts.map(() => []);
  let session = 0;
  for (let row = 0; row < recordFitS.length; row++) {
    const time = recordFitS[row]!;
    const stays = time >= (starts[session] ?? time) && !(time >= starts[session + 1]!);
    if (!stays && !Number.isNaN(time)) session = lastBegun(starts, time);
    rows[session]!.push(row);
  }
  return rows;
}

/** Index of the last session begun at this time, 0 when none was. */
function lastBegun(starts: readonly number[], fitS: number | null): number {
  let low = 0;
  let high = fitS === null ? 0 : starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= fitS!) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function withPlausibleRows(
  { message, startFitS }: { message: SessionMessage | null; startFitS: number | null },
  all: number[],
  recordFitS: Float64Array,
): AssignedSession {
  const rest = { message, records: all.length, laps: [], lengths: [] };
  if (message !== null && startFitS !== null) {
    const window = windowOfSession(message, startFitS);
    const rows = all.filter((row) => isWithin(window, recordFitS[row]!));
    // When most records disagree with the session, it is the session's time that is wrong.
    if (rows.length * 2 >= all.length)
      return { ...rest, ...inOrder(rows, recordFitS), startFitS, startFromRecords: false };
  }
  const window = windowAroundMiddle(all.map((row) => recordFitS[row]!));
  const ordered = inOrder(
    all.filter((row) => isWithin(window, recordFitS[row]!)),
    recordFitS,
  );
  const first = ordered.rows[0];
  const firstFitS = first === undefined ? startFitS : recordFitS[first]!;
  return { ...rest, ...ordered, startFitS: firstFitS, startFromRecords: message !== null && first !== undefined };
}

function inOrder(rows: number[], fitS: Float64Array): { rows: number[]; reordered: boolean } {
  const isSorted = rows.every((row, i) => i === 0 || fitS[rows[i - 1]!]! <= fitS[row]!);
  if (!isSorted) rows.sort((a, b) => fitS[a]! - fitS[b]! || a - b);
  return { rows, reordered: !isSorted };
}
