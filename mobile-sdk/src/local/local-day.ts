import type { Fields } from './fields.ts';

/** The local date (`YYYY-MM-DD`) of an instant. Without a zone it is the date in UTC. */
export function localDay(ms: number, timeZone: string | null): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timeZone ?? 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(ms);
  const { year, month, day } = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${year}-${month}-${day}`;
}

/**
 * The local date an edit moves its object to: what `day` says, else where `startedAt` falls; undefined when it does not,
 * or when the value is no date, which is for the hub to refuse. For sorting and filtering until the hub has said.
 */
export function dayOfEdit({ day, startedAt }: Fields, timeZone: () => string | null): string | undefined {
  if (typeof day === 'string') return day;
  if (typeof startedAt !== 'string') return undefined;
  const ms = Date.parse(startedAt);
  // Asking a platform for its zone takes longer than the rest of a save, so it is asked where it matters.
  return Number.isNaN(ms) ? undefined : localDay(ms, timeZone());
}
