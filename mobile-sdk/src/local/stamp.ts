/** Hybrid logical clock: `<ms>:<counter as 4 hex digits>`. Decides which of two edits of one field is the newer. */

const MAX_COUNTER = 0xffff;

/** A stamp after `last`, at `nowMs` or as soon after it as possible when the clock stands or went back. */
export function nextStamp(last: string, nowMs: number): string {
  const lastMs = stampMs(last);
  if (nowMs > lastMs) return format(nowMs, 0);
  const counter = Number.parseInt(last.slice(last.indexOf(':') + 1), 16) + 1;
  return counter > MAX_COUNTER ? format(lastMs + 1, 0) : format(lastMs, counter);
}

export function stampMs(stamp: string): number {
  return Number.parseInt(stamp, 10);
}

function format(ms: number, counter: number): string {
  return `${ms}:${counter.toString(16).padStart(4, '0')}`;
}
