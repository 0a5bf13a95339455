/** Between which times a point is believed: a damaged byte turns one into 2085. */
const UNKNOWN_LENGTH_SLACK_S = 10 * 86_400;
const SHORTEST_SLACK_S = 3_600;

/** In seconds, of whatever epoch the times have that are compared with it. */
export interface TimeWindow {
  fromS: number;
  toS: number;
}

/** Ten days to either side of a time: an activity of unknown length. */
export function windowAround(timeS: number): TimeWindow {
  return { fromS: timeS - UNKNOWN_LENGTH_SLACK_S, toS: timeS + UNKNOWN_LENGTH_SLACK_S };
}

/**
 * What belongs to an activity may lie before its start and after its end by as much as it is long, and by an hour at
 * least: a clock is set on the way, and a session starts when the satellites are found. Without a length, ten days.
 */
export function windowOfActivity(startS: number, lengthS: number): TimeWindow {
  if (lengthS === 0) return windowAround(startS);
  const slackS = Math.max(SHORTEST_SLACK_S, lengthS);
  return { fromS: startS - slackS, toS: startS + lengthS + slackS };
}

/** The window around the middle one of these times; nothing is believed when there is none. */
export function windowAroundMiddle(timesS: readonly number[]): TimeWindow {
  const sorted = Float64Array.from(timesS.filter((time) => !Number.isNaN(time))).sort();
  return windowAround(sorted[sorted.length >>> 1] ?? Number.NaN);
}

export function isWithin(window: TimeWindow, timeS: number): boolean {
  return timeS >= window.fromS && timeS <= window.toS;
}
