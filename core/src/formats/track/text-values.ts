/** Numbers and times as TCX and GPX write them. What cannot be read is unknown, never a zero. */

/** NaN when the text is no number, or one outside the range. */
export function numberIn(text: string | undefined, min: number, max: number): number {
  if (text === undefined || text === '') return Number.NaN;
  const value = Number(text);
  return value >= min && value <= max ? value : Number.NaN;
}

/** As `numberIn`; null when there is none. */
export function numberOrNull(text: string, min: number, max: number): number | null {
  const value = numberIn(text, min, max);
  return Number.isNaN(value) ? null : value;
}

export interface WrittenTime {
  epochMs: number;
  /** How far the stated zone is ahead of UTC, s; null when the text names none. */
  offsetS: number | null;
}

const TIME =
  /^\s*(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s*(?:([zZ])|([+-])(\d\d):?(\d\d)?)?\s*$/;

/**
 * An XML Schema dateTime. Without a zone it is UTC: so says the GPX specification, and so do programs that leave the
 * `Z` out of a TCX. @returns null when it is no time.
 */
export function timeIn(text: string): WrittenTime | null {
  const found = TIME.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, fraction, utc, sign, zoneHours, zoneMinutes] = found;
  const midnightMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isDate = new Date(midnightMs).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12;
  if (!isDate || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second);
  const ms = fraction === undefined ? 0 : Math.round(Number(`0.${fraction}`) * 1_000);
  const zoneS = (Number(zoneHours ?? 0) * 3_600 + Number(zoneMinutes ?? 0) * 60) * (sign === '-' ? -1 : 1);
  const offsetS = utc === undefined && sign === undefined ? null : zoneS;
  return { epochMs: midnightMs + seconds * 1_000 + ms - zoneS * 1_000, offsetS };
}
