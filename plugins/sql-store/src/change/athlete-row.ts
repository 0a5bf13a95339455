import type { AthleteRow, SourcePriority } from '@coach-hub/core';

export const ATHLETE_COLUMNS = [
  'athlete.athlete_id as athleteId',
  'epoch_n as epochN',
  'rev',
  'floor',
  'time_zone as timeZone',
  'source_priority as sourcePriority',
] as const;

/** A row of `athlete` as it is stored. */
export type StoredAthlete = Omit<AthleteRow, 'sourcePriority'> & { sourcePriority: string | null };

export function athleteOf(row: StoredAthlete): AthleteRow {
  const { sourcePriority } = row;
  return { ...row, sourcePriority: sourcePriority === null ? {} : (JSON.parse(sourcePriority) as SourcePriority) };
}
