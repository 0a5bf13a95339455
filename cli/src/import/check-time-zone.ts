import { HubError } from '@coach-hub/core';

/** @throws HubError `bad_request` for a name that no time zone has. */
export function checkTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new HubError('bad_request', {
      what: `There is no time zone "${name}".`,
      why: 'Names are those of the IANA database.',
      fix: 'For example "Europe/Zurich", "America/New_York" or "UTC".',
    });
  }
}
