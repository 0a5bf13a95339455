/** Hybrid logical clock stamps, `<ms>:<counter as 4 hex digits>`: client time corrected by what the server told. */
import { MAX_STAMP_AHEAD_MS } from '../wire/limits.ts';
import type { Stamped } from './object-state.ts';

const STAMP = /^(\d{1,15}):([0-9a-f]{4})$/;

/** Epoch ms of a stamp, or null when it is not one. */
export function stampMs(stamp: string): number | null {
  const match = STAMP.exec(stamp);
  return match === null ? null : Number(match[1]);
}

/** A stamp for an instant, as a source that gives no clock of its own is stamped. */
export function stampAt(epochMs: number): string {
  return `${Math.max(0, Math.round(epochMs))}:0000`;
}

/** Negative when `a` is older. Counters are fixed width, so text order is their order, and of equally long stamps too. */
export function compareStamps(a: string, b: string): number {
  if (a.length === b.length) return a < b ? -1 : a > b ? 1 : 0;
  const aMs = stampMs(a) ?? 0;
  const bMs = stampMs(b) ?? 0;
  if (aMs !== bMs) return aMs - bMs;
  const aCounter = a.slice(a.indexOf(':') + 1);
  const bCounter = b.slice(b.indexOf(':') + 1);
  return aCounter < bCounter ? -1 : aCounter > bCounter ? 1 : 0;
}

/** Which of two stamped values is newer; equal stamps fall to the larger client id, so every order agrees. */
export function compareStamped(a: Stamped<unknown>, b: Stamped<unknown>): number {
  return compareStamps(a.stamp, b.stamp) || (a.clientId < b.clientId ? -1 : a.clientId > b.clientId ? 1 : 0);
}

/**
 * A clock may be wrong: a stamp far in the future is replaced by the receive time, never rejected.
 *
 * @param place in its batch: of two edits that came together the later one stays the newer.
 */
export function clampStamp(stamp: string, nowMs: number, place = 0): { stamp: string; clamped: boolean } {
  const ms = stampMs(stamp);
  if (ms !== null && ms <= nowMs + MAX_STAMP_AHEAD_MS) return { stamp, clamped: false };
  return { stamp: `${nowMs}:${place.toString(16).padStart(4, '0')}`, clamped: true };
}
