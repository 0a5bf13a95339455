/**
 * Nights: which sleep belongs to which local date. One source's sleep with less than an hour awake in between is one
 * night, and a night belongs to the date of the last waking. Pure.
 */
import { addDays } from '../series/day.ts';
import type { JsonObject } from '../wire/json.ts';
import { dayOf, instantOf, isLive, numberOf, type SourceRecord } from './record.ts';

/** Awake for less than this, the night goes on. */
const SAME_NIGHT_MS = 3_600_000;

export interface Night {
  /** Local date of the last waking; its object's id. */
  day: string;
  /** In order of their start, all of one source. */
  records: SourceRecord[];
  startMs: number;
  endMs: number;
}

interface Slept {
  record: SourceRecord;
  startMs: number;
  endMs: number;
}

function sleptOf(record: SourceRecord): Slept | null {
  const startMs = instantOf(record.fields.startedAt);
  const endMs = instantOf(record.fields.endedAt);
  return isLive(record) && startMs !== null && endMs !== null && endMs > startMs ? { record, startMs, endMs } : null;
}

/** Local date a record's sleep ended on; null when it tells no interval. */
export function wakingDay(record: SourceRecord, athleteZone: string | null): string | null {
  const slept = sleptOf(record);
  if (slept === null) return null;
  const { timeZone, utcOffsetS } = record.fields;
  const stated: JsonObject = { startedAt: new Date(slept.endMs).toISOString() };
  if (timeZone !== undefined) stated.timeZone = timeZone;
  if (utcOffsetS !== undefined) stated.utcOffsetS = utcOffsetS;
  return dayOf(stated, athleteZone);
}

/** Nights of all records, each source for itself. Records without an interval belong to none. */
export function nightsOf(records: SourceRecord[], athleteZone: string | null): Night[] {
  const bySource = new Map<string, Slept[]>();
  for (const record of records) {
    const slept = sleptOf(record);
    if (slept === null) continue;
    const own = bySource.get(record.provider);
    if (own === undefined) bySource.set(record.provider, [slept]);
    else own.push(slept);
  }
  const nights: Night[] = [];
  for (const own of bySource.values()) {
    own.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || (a.record.key < b.record.key ? -1 : 1));
    let night: Night | null = null;
    for (const slept of own) {
      if (night !== null && slept.startMs - night.endMs < SAME_NIGHT_MS) {
        night.records.push(slept.record);
        if (slept.endMs >= night.endMs) {
          night.endMs = slept.endMs;
          night.day = wakingDay(slept.record, athleteZone) ?? night.day;
        }
        continue;
      }
      night = { day: wakingDay(slept.record, athleteZone) ?? '', records: [slept.record], ...span(slept) };
      nights.push(night);
    }
  }
  return nights;
}

function span({ startMs, endMs }: Slept): { startMs: number; endMs: number } {
  return { startMs, endMs };
}

/** The date before, the date itself, the date after. */
export function daysAround(day: string): string[] {
  return [addDays(day, -1), day, addDays(day, 1)];
}

const SUMMED = ['asleepS', 'lightS', 'deepS', 'remS'] as const;

/** One source's statement about a whole night, from its parts: sums, time awake in between, score of the longest part. */
function nightFields(night: Night): JsonObject {
  const first = night.records[0] as SourceRecord;
  if (night.records.length === 1) return first.fields;
  const length = (record: SourceRecord) =>
    (instantOf(record.fields.endedAt) ?? 0) - (instantOf(record.fields.startedAt) ?? 0);
  const longest = night.records.reduce((a, b) => (length(b) > length(a) ? b : a));
  const fields: JsonObject = { ...longest.fields };
  fields.startedAt = new Date(night.startMs).toISOString();
  fields.endedAt = new Date(night.endMs).toISOString();
  for (const field of SUMMED) {
    const stated = night.records.map((record) => numberOf(record.fields[field])).filter((value) => value !== null);
    if (stated.length > 0) fields[field] = stated.reduce((sum, value) => sum + value, 0);
  }
  const sleptMs = night.records.reduce((sum, record) => sum + length(record), 0);
  const awakeS = night.records.reduce((sum, record) => sum + (numberOf(record.fields.awakeS) ?? 0), 0);
  fields.awakeS = awakeS + Math.max(0, Math.round((night.endMs - night.startMs - sleptMs) / 1_000));
  return fields;
}

/**
 * The records of one date's sleep as they compete: each source's longest night stands for it, its shorter ones are naps.
 * Records without an interval stay as they are.
 */
export function competingNights(records: SourceRecord[], athleteZone: string | null): SourceRecord[] {
  const nights = nightsOf(records, athleteZone);
  const inNight = new Set(nights.flatMap((night) => night.records));
  const competing = records.filter((record) => !inNight.has(record));
  const sources = [...new Set(nights.map((night) => (night.records[0] as SourceRecord).provider))].sort();
  for (const source of sources) {
    const own = nights
      .filter((night) => night.records[0]?.provider === source)
      .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs) || a.startMs - b.startMs);
    const main = own[0] as Night;
    const longest = main.records[0] as SourceRecord;
    const naps = own
      .slice(1)
      .sort((a, b) => a.startMs - b.startMs)
      .map(({ startMs, endMs }) => ({
        startedAt: new Date(startMs).toISOString(),
        endedAt: new Date(endMs).toISOString(),
      }));
    const fields: JsonObject = { ...nightFields(main) };
    if (naps.length > 0) fields.naps = [...naps];
    competing.push({ ...longest, claims: main.records.flatMap((record) => record.claims), fields });
  }
  return competing;
}
