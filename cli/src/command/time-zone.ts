import { UsageError } from './usage-error.ts';

/** The name of a time zone, as the IANA database writes it. */
export async function parseTimeZone(text: string): Promise<string> {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`--tz: expected a time zone such as Europe/Berlin or UTC, got "${text}".`);
  }
}
