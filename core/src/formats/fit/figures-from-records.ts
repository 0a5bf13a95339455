/**
 * The figures of an activity whose session message is missing: the recording was cut off before its end.
 *
 * Only what records and timer events can tell; the rest stays null.
 */
import type { SeriesColumns, SessionFigures } from '../decoded.ts';
import { figuresFromColumns } from '../figures-from-columns.ts';
import type { EventMessage } from './fit-messages.ts';

const TIMER_EVENT = 0;
const TIMER_START = 0;
/** stop, stop_all, stop_disable, stop_disable_all */
const TIMER_STOPS: ReadonlySet<number> = new Set([1, 4, 8, 9]);

/** @param startFitS the time that `columns.timeS` counts from. */
export function figuresFromRecords(
  columns: SeriesColumns,
  events: readonly EventMessage[],
  startFitS: number,
  altitudeSource: 'barometric' | 'gps' | null,
): SessionFigures {
  const figures = figuresFromColumns(columns, altitudeSource);
  const { elapsedS } = figures;
  const timerS = elapsedS === null ? null : elapsedS - stoppedSeconds(events, startFitS, startFitS + elapsedS);
  return { ...figures, timerS };
}

/** Seconds within the activity during which the timer stood still. A stop without a start lasts to the end. */
function stoppedSeconds(events: readonly EventMessage[], startFitS: number, endFitS: number): number {
  let stoppedS = 0;
  let stoppedAt: number | null = null;
  const until = (fitS: number): void => {
    if (stoppedAt !== null) stoppedS += Math.max(0, Math.min(fitS, endFitS) - Math.max(stoppedAt, startFitS));
    stoppedAt = null;
  };
  for (const { event, event_type, timestamp } of events) {
    if (event !== TIMER_EVENT || event_type === undefined || timestamp === undefined) continue;
    if (event_type === TIMER_START) until(timestamp);
    else if (TIMER_STOPS.has(event_type)) stoppedAt ??= timestamp;
  }
  until(endFitS);
  return stoppedS;
}
