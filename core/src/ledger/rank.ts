/**
 * Which record decides a group of fields: best origin first, then by how well it measured, then connected before
 * imported, then a stable key, so that every order of arrival ends in the same winner.
 */
import type { SourceRecord } from './record.ts';

/** Least coverage a winner needs when another source covers (nearly) all. */
const POOR_COVERAGE = 0.8;
const FULL_COVERAGE = 0.95;
/** Levels a source must be better by to win in spite of poor coverage. */
const LEVELS_THAT_EXCUSE = 2;

function best<T>(values: (T | null | undefined)[]): T | null {
  for (const value of values) if (value !== null && value !== undefined) return value;
  return null;
}

function heartRateRank(record: SourceRecord): number {
  const source = best(record.claims.map((claim) => claim.quality?.heartRateSource));
  return source === 'chest' ? 0 : source === 'wrist' ? 1 : 2;
}

function altitudeRank(record: SourceRecord): number {
  return best(record.claims.map((claim) => claim.quality?.altitudeSource)) === 'barometric' ? 0 : 1;
}

function samples(record: SourceRecord): number {
  return Math.max(0, ...record.claims.map((claim) => claim.quality?.samples ?? 0));
}

/** Seconds the record's best series covers; null when it has none. */
export function coverageS(record: SourceRecord): number | null {
  return best(record.claims.map((claim) => claim.quality?.coverageS));
}

/** Everything of a record, besides its key, that its place among others depends on. */
export function standingOf(record: SourceRecord): (number | boolean | null)[] {
  return [record.level, coverageS(record), samples(record), record.connected];
}

/**
 * @param preferred providers the athlete prefers for the group, best first: their word goes before every other ranking.
 */
export function compareRecords(
  a: SourceRecord,
  b: SourceRecord,
  group: string | null,
  preferred: readonly string[] = [],
): number {
  return (
    placeAmong(preferred, a) - placeAmong(preferred, b) ||
    a.level - b.level ||
    (group === 'heartRate' ? heartRateRank(a) - heartRateRank(b) : 0) ||
    (group === 'elevation' ? altitudeRank(a) - altitudeRank(b) : 0) ||
    (coverageS(b) ?? 0) - (coverageS(a) ?? 0) ||
    samples(b) - samples(a) ||
    Number(b.connected) - Number(a.connected) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

function placeAmong(preferred: readonly string[], { provider }: SourceRecord): number {
  const place = preferred.indexOf(provider);
  return place < 0 ? preferred.length : place;
}

/**
 * Winner of a group among candidates. A source with under 80 % coverage of the whole interval loses to one with at
 * least 95 %, unless it is two or more levels better or the athlete prefers it.
 *
 * @param intervalS length of the interval all records span, s; null when unknown.
 */
export function winnerOf(
  candidates: SourceRecord[],
  group: string | null,
  intervalS: number | null,
  preferred: readonly string[] = [],
): SourceRecord | null {
  const ranked = [...candidates].sort((a, b) => compareRecords(a, b, group, preferred));
  const first = ranked[0] ?? null;
  if (first === null || intervalS === null || intervalS <= 0 || preferred.includes(first.provider)) return first;
  const share = (record: SourceRecord) => {
    const covered = coverageS(record);
    return covered === null ? null : covered / intervalS;
  };
  const own = share(first);
  if (own === null || own >= POOR_COVERAGE) return first;
  const fuller = ranked.find(
    (record) => (share(record) ?? 0) >= FULL_COVERAGE && record.level - first.level < LEVELS_THAT_EXCUSE,
  );
  return fuller ?? first;
}
