import type { ImportRow } from './hub.ts';

/** A row of an import that says nothing yet: every member, in the order in which they are printed. */
export function emptyImportRow(file: string, status: ImportRow['status']): ImportRow {
  return {
    file,
    status,
    objectId: null,
    sport: null,
    startedAt: null,
    distanceM: null,
    elapsedS: null,
    timerS: null,
    avgHeartRateBpm: null,
    maxHeartRateBpm: null,
    ascentM: null,
    records: 0,
    recordsSetAside: 0,
    laps: 0,
    notes: [],
    error: null,
  };
}
