/** Between which times a point is believed: a damaged byte turns one into 2085. */
const UNKNOWN_LENGTH_SLACK_S = 10 * 86_400;

/** In seconds, of whatever epoch the times have that are compared with it. */
export interface TimeWindow {
  fromS: number;
  toS: number;
}

/** Ten days to either side of a time: an activity of unknown length. */
export function windowAround(timeS: number): TimeWindow {
  return { fromS: timeS - UNKNOWN_LENGTH_SLACK_S, toS: timeS + UNKNOWN_LENGTH_SLACK_S };
}

/** The window around the middle one of these times; nothing is believed when there is none. */
export function windowAroundMiddle(timesS: readonly number[]): TimeWindow {
  const sorted = Float64Array.from(timesS.filter((time) => !Number.isNaN(time))).sort();
  return windowAround(sorted[sorted.length >>> 1] ?? Number.NaN);
}

export function isWithin(window: TimeWindow, timeS: number): boolean {
  return timeS >= window.fromS && timeS <= window.toS;
}
