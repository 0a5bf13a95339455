/** A source record in the measures that matching uses. */
import type { MatchRecord } from './match-pair.ts';
import type { Stamped } from './object-state.ts';
import { standingOf } from './rank.ts';
import { dayOf, instantOf, numberOf, type SourceRecord, textOf } from './record.ts';
import { compareStamped } from './stamp.ts';

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

/** What `toMatchRecord` reads of a record's fields. */
const MATCH_FIELDS = [
  'sport',
  'subSport',
  'startedAt',
  'elapsedS',
  'timerS',
  'distanceM',
  'day',
  'timeZone',
  'utcOffsetS',
] as const;

/** Whether two states of one record are the same to matching: equal ones lead to equal matches. */
export function isSameToMatching(a: SourceRecord, b: SourceRecord): boolean {
  return (
    MATCH_FIELDS.every((field) => a.fields[field] === b.fields[field]) &&
    isSameWord(a.deleted, b.deleted) &&
    isSameWord(a.madeAt, b.madeAt) &&
    hasSameClaims(a, b)
  );
}

function isSameWord(a: Stamped | null, b: Stamped | null): boolean {
  return a === b || (a !== null && b !== null && a.value === b.value && compareStamped(a, b) === 0);
}

function hasSameClaims(a: SourceRecord, b: SourceRecord): boolean {
  if (a.claims.length === b.claims.length && a.claims.every((claim, at) => claim === b.claims[at])) return true;
  const told = (record: SourceRecord) =>
    JSON.stringify([record.identities, record.groupKey, standingOf(record), record.claims.length > 0]);
  return told(a) === told(b);
}
