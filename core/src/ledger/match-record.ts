/** A source record in the measures that matching uses. */
import type { MatchRecord } from './match-pair.ts';
import { standingOf } from './rank.ts';
import { dayOf, instantOf, numberOf, type SourceRecord, textOf } from './record.ts';

export function toMatchRecord(record: SourceRecord, athleteZone: string | null): MatchRecord {
  const { fields } = record;
  return {
    key: record.key,
    provider: record.provider,
    externalId: record.externalId,
    part: record.part,
    groupKey: record.groupKey,
    identities: record.identities,
    sport: textOf(fields.sport),
    subSport: textOf(fields.subSport),
    startMs: instantOf(fields.startedAt),
    elapsedS: numberOf(fields.elapsedS) ?? numberOf(fields.timerS),
    distanceM: numberOf(fields.distanceM),
    day: dayOf(fields, athleteZone),
    byAthlete: record.layerId !== null,
  };
}

/** Everything about a record that matching depends on, as text: equal text, equal matches. */
export function matchFingerprint(record: SourceRecord, match: MatchRecord): string {
  return JSON.stringify([match, standingOf(record), record.deleted, record.madeAt]);
}
