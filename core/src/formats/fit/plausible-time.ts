/**
 * Which record times can be true. A damaged byte turns a record into 2085; a clock that is set on the way, or a session
 * that starts when the satellites are found, moves real records by minutes.
 *
 * So a session's records may lie before its start and after its end by as much as the session is long, and by an hour
 * at least. Where no session says how long it was, ten days around the middle record.
 */
import type { SessionMessage } from './fit-messages.ts';

const SHORTEST_SLACK_S = 3_600;
const UNKNOWN_LENGTH_SLACK_S = 10 * 86_400;

/** Times between which a record is believed, in FIT seconds. */
export interface TimeWindow {
  fromFitS: number;
  toFitS: number;
}

/** The window of a session that begins at `startFitS`. */
export function windowOfSession(session: SessionMessage, startFitS: number): TimeWindow {
  const lengthS = Math.max(session.total_elapsed_time ?? 0, session.total_timer_time ?? 0);
  if (lengthS === 0) {
    return { fromFitS: startFitS - UNKNOWN_LENGTH_SLACK_S, toFitS: startFitS + UNKNOWN_LENGTH_SLACK_S };
  }
  const slackS = Math.max(SHORTEST_SLACK_S, lengthS);
  return { fromFitS: startFitS - slackS, toFitS: startFitS + lengthS + slackS };
}

/** The window around the middle one of these times; nothing is believed when there is none. */
export function windowAroundMiddle(fitS: readonly number[]): TimeWindow {
  const sorted = Float64Array.from(fitS.filter((time) => !Number.isNaN(time))).sort();
  const middle = sorted[sorted.length >>> 1] ?? Number.NaN;
  return { fromFitS: middle - UNKNOWN_LENGTH_SLACK_S, toFitS: middle + UNKNOWN_LENGTH_SLACK_S };
}

export function isWithin(window: TimeWindow, fitS: number): boolean {
  return fitS >= window.fromFitS && fitS <= window.toFitS;
}
