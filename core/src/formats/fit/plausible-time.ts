/**
 * Which record times can be true. A damaged byte turns a record into 2085; a clock that is set on the way, or a session
 * that starts when the satellites are found, moves real records by minutes.
 *
 * So a session's records may lie before its start and after its end by as much as the session is long, and by an hour
 * at least. Where no session says how long it was, ten days around the middle record.
 */
import { type TimeWindow, windowOfActivity } from '../time-window.ts';
import type { SessionMessage } from './fit-messages.ts';

/** The window of a session that begins at `startFitS`, in FIT seconds. */
export function windowOfSession(session: SessionMessage, startFitS: number): TimeWindow {
  return windowOfActivity(startFitS, Math.max(session.total_elapsed_time ?? 0, session.total_timer_time ?? 0));
}
