import type { LetterFilter } from '@coach-hub/core';

/** Filters of dead letters as flags give them. */
export interface LetterFlags {
  plugin: string | undefined;
  stage: string | undefined;
  code: string | undefined;
  athlete: string | undefined;
  connection: string | undefined;
  since: string | undefined;
}

/** @throws HubError `bad_request`. */
export async function letterFilter({ athlete, connection, since, ...same }: LetterFlags): Promise<LetterFilter> {
  const { startOfDayMs } = await import('./start-of-day.ts');
  const sinceMs = since === undefined ? undefined : startOfDayMs(since);
  return { ...same, athleteId: athlete, connectionId: connection, sinceMs };
}
