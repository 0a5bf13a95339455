/** What a change must see before it can match: the records that could meet the ones it touched. */
import type { LoadRequest } from '../store/athlete-change.ts';
import { REACH_MS } from './match.ts';
import type { MatchRecord } from './match-pair.ts';

const HOUR_MS = 3_600_000;
/** Loaded around a start: more than the reach, so that what it is joined with is covered too. */
export const WINDOW_MS = REACH_MS + HOUR_MS;
/** Local dates differ from UTC by at most this. */
const LATEST_ZONE_MS = 14 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;

/** The part of the athlete's timeline that is loaded. */
export interface Covered {
  fromMs: number;
  toMs: number;
  days: Set<string>;
}

export function nothingCovered(): Covered {
  return { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY, days: new Set() };
}

/** Span a log without a start time needs: every start its date can have in any zone, and what those could meet. */
function spanOfDay(day: string): { fromMs: number; toMs: number } {
  const midnight = Date.parse(`${day}T00:00:00.000Z`);
  return { fromMs: midnight - LATEST_ZONE_MS - WINDOW_MS, toMs: midnight + DAY_MS + LATEST_ZONE_MS + WINDOW_MS };
}

/** Widens `covered` to what the records need, and returns what must be loaded for it; null when all is there. */
export function widen(covered: Covered, records: MatchRecord[]): LoadRequest | null {
  let { fromMs, toMs } = covered;
  const days = new Set<string>();
  for (const record of records) {
    if (record.startMs !== null && (record.startMs - REACH_MS < fromMs || record.startMs + REACH_MS > toMs)) {
      fromMs = Math.min(fromMs, record.startMs - WINDOW_MS);
      toMs = Math.max(toMs, record.startMs + WINDOW_MS);
    }
    if (record.day !== null && !covered.days.has(record.day)) days.add(record.day);
    if (record.startMs === null && record.day !== null) {
      const span = spanOfDay(record.day);
      fromMs = Math.min(fromMs, span.fromMs);
      toMs = Math.max(toMs, span.toMs);
    }
  }
  if (fromMs >= covered.fromMs && toMs <= covered.toMs && days.size === 0) return null;
  covered.fromMs = fromMs;
  covered.toMs = toMs;
  for (const day of days) covered.days.add(day);
  const spans = Number.isFinite(fromMs)
    ? [
        { kind: 'activity' as const, fromMs, toMs },
        { kind: 'question' as const, fromMs, toMs },
      ]
    : [];
  const dated = [...days];
  return {
    spans,
    days:
      dated.length === 0
        ? []
        : [
            { kind: 'activity', days: dated },
            { kind: 'question', days: dated },
          ],
  };
}

export function isCovered(covered: Covered, record: MatchRecord): boolean {
  if (record.startMs === null) return record.day === null || covered.days.has(record.day);
  return record.startMs - REACH_MS >= covered.fromMs && record.startMs + REACH_MS <= covered.toMs;
}
