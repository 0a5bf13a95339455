import { HubError } from '@coach-hub/core';

/** First moment of a day in UTC, epoch ms. @throws HubError `bad_request` for what is no day. */
export function startOfDayMs(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00.000Z`) : Number.NaN;
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)) return ms;
  throw new HubError('bad_request', {
    what: 'The command was not run.',
    why: `"${day}" is no day.`,
    fix: 'Write it as year, month and day, for example 2026-03-01.',
  });
}
