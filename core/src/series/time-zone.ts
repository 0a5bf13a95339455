/** Local time where an athlete was: zone by position, offset by zone, calendar day by either. */
import { createRequire } from 'node:module';
import { HubError } from '../error/hub-error.ts';
import { isPosition } from './position.ts';

/** Zones whose formatter is kept. There are about 450; more only come from a client that varies their spelling. */
const MAX_FORMATTERS = 600;
const DIGITS = /\d+/g;

const formatters = new Map<string, Intl.DateTimeFormat>();
let last: { timeZone: string; epochMs: number; offsetS: number } | undefined;
let lookUp: ((latitudeDeg: number, longitudeDeg: number) => string) | undefined;

/**
 * IANA zone of a place, at sea too; `null` when the position is none or this runtime does not know the zone.
 *
 * The borders are simplified: within a few kilometres of one it can be the neighbour's.
 */
export function timeZoneAt(latitudeDeg: number, longitudeDeg: number): string | null {
  if (!isPosition(latitudeDeg, longitudeDeg)) return null;
  // Loaded at the first position: it takes 5 ms, and many commands never see one.
  lookUp ??= createRequire(import.meta.url)('@photostructure/tz-lookup') as NonNullable<typeof lookUp>;
  const zone = lookUp(latitudeDeg, longitudeDeg);
  return isTimeZone(zone) ? zone : null;
}

/** Whether the runtime knows a zone of that name. */
export function isTimeZone(timeZone: string): boolean {
  return formatterOf(timeZone) !== null;
}

/**
 * Seconds local time is ahead of UTC in a zone at an instant.
 *
 * Only the last answer is remembered, as one change asks for one start several times: not per hour, because zones have
 * changed at one minute past midnight.
 *
 * @throws HubError `bad_request` when the runtime does not know the zone.
 * @throws RangeError when `epochMs` is no instant.
 */
export function utcOffsetSAt(timeZone: string, epochMs: number): number {
  if (last?.timeZone !== timeZone || last.epochMs !== epochMs) {
    last = { timeZone, epochMs, offsetS: offsetSAt(timeZone, epochMs) };
  }
  return last.offsetS;
}

function offsetSAt(timeZone: string, epochMs: number): number {
  const formatter = formatterOf(timeZone);
  if (formatter === null) throw unknownZone(timeZone);
  const [month, day, year, hour, minute, second] = (formatter.format(epochMs).match(DIGITS) ?? []).map(Number);
  const localMs = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return localMs / 1000 - Math.floor(epochMs / 1000);
}

/**
 * Calendar day (`YYYY-MM-DD`) at an instant: in the zone when there is one, else at the offset, else in UTC.
 *
 * @throws HubError `bad_request` when the runtime does not know the zone.
 * @throws RangeError when `epochMs` is no instant.
 */
export function localDay(
  epochMs: number,
  place: { timeZone?: string | null | undefined; utcOffsetS?: number | null | undefined },
): string {
  const offsetS = place.timeZone == null ? (place.utcOffsetS ?? 0) : utcOffsetSAt(place.timeZone, epochMs);
  return new Date(epochMs + offsetS * 1000).toISOString().slice(0, 10);
}

/** Making a formatter takes fifty times as long as using it. */
function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const formatter = makeFormatter(timeZone);
  if (formatter === null) return null;
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, formatter);
  return formatter;
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  const field = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: field,
      day: field,
      hour: field,
      minute: field,
      second: field,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function unknownZone(timeZone: string): HubError {
  return new HubError('bad_request', {
    what: `There is no time zone "${timeZone.slice(0, 64)}".`,
    why: 'Zones are named as in the IANA database.',
    fix: 'Send a name such as "Europe/Berlin" or "UTC".',
  });
}
