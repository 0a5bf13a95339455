/** When an attempt is repeated, and after how long. */

const FIRST_STEP_MS = 250;
const LONGEST_STEP_MS = 8_000;
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Longest Retry-After that is waited for in place; a longer one is the caller's to schedule. */
export const LONGEST_WAIT_MS = 10_000;

/** Whether an answer with this status may be another one a moment later. */
export function isPassing(status: number): boolean {
  return PASSING_STATUS.has(status);
}

/**
 * Full jitter: requests that failed together, in a provider's outage, must not come back together.
 *
 * @param attempt 1 for the first retry.
 * @param draw from [0, 1).
 * @returns ms, below 8 s.
 */
export function retryDelayMs(attempt: number, draw: number): number {
  return Math.floor(draw * Math.min(LONGEST_STEP_MS, FIRST_STEP_MS * 2 ** (attempt - 1)));
}

/** Retry-After, in seconds or as a date, as ms from now; null when it is absent or unreadable. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
