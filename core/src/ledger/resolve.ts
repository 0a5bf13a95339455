/**
 * Resolve: from everything known about an object to the one view people see, and why each value is what it is. Pure.
 *
 * Objective fields of one group come from one record, so that pace equals distance over time. Subjective fields are
 * the athlete's newest word. A provider fills a blank of a user field. Losing values that differ stay in `alt` and
 * come back when a source goes.
 */
import { type FieldSpec, type FieldTable, groupsOf, withinTolerance } from '../model/field.ts';
import { REGISTRY } from '../model/registry.ts';
import type { AthleteRow } from '../store/athlete-change.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import { competingNights } from './nights.ts';
import type { AthleteLayer, ObjectState, Stamped } from './object-state.ts';
import { winnerOf } from './rank.ts';
import { instantOf, isLive, numberOf, recordsOf, type SourceRecord } from './record.ts';
import { compareStamped, stampAt } from './stamp.ts';

export interface ResolvedField {
  value: Json;
  /** `provider:<id>`, `athlete`, `override`, `engine:<id>`, `derived`. */
  source: string;
  rule: RuleCode;
  /** What other sources say, by source, best first; equal values too. */
  others: { source: string; value: Json }[];
  /** What the athlete said before, newest first, where the field keeps that. It does not travel. */
  earlier?: Json[];
}

/** Why a value won; sentences are in explain.ts. */
export type RuleCode =
  | 'best_device'
  | 'only_source'
  | 'typed_where_no_device'
  | 'athlete_felt'
  | 'athlete_decides'
  | 'provider_fills_blank'
  | 'corrected_by_athlete'
  | 'latest_setting'
  | 'engine'
  | 'computed'
  | 'union';

/** What of the athlete a view depends on. */
export type AthleteFacts = Pick<AthleteRow, 'timeZone' | 'sourcePriority'>;

export interface Resolved {
  fields: { [field: string]: ResolvedField };
  /** Record that won each group; series channels follow it. */
  winners: Map<string, SourceRecord>;
  deleted: boolean;
  records: SourceRecord[];
}

const DAY_S = 86_400;

/** Fields too large to repeat in `alt`. */
const NEVER_IN_ALT: ReadonlySet<string> = new Set(['track', 'laps', 'hours']);

/** Field a group's candidates should state; one that does not only wins when none does. */
const GROUP_ANCHOR: { readonly [group: string]: string } = { movement: 'distanceM', sport: 'sport' };

/** The athlete's newest value of each field over all layers. */
function newest(layers: AthleteLayer[], part: 'typed' | 'override'): { [field: string]: Stamped } {
  const result: { [field: string]: Stamped } = {};
  for (const layer of layers) {
    for (const [field, stamped] of Object.entries(layer[part])) {
      const held = result[field];
      if (held === undefined || compareStamped(stamped, held) > 0) result[field] = stamped;
    }
  }
  return result;
}

/** The athlete's newest word on each field. */
export function newestTyped(state: ObjectState): { [field: string]: Stamped } {
  return newest(Object.values(state.layers), 'typed');
}

export function isDeleted(state: ObjectState): boolean {
  let latest: Stamped<boolean> | null = null;
  for (const layer of Object.values(state.layers)) {
    if (layer.deleted !== null && (latest === null || compareStamped(layer.deleted, latest) > 0))
      latest = layer.deleted;
  }
  return latest?.value === true;
}

function sourceKey(record: SourceRecord): string {
  return record.provider.startsWith('engine:') ? record.provider : `provider:${record.provider}`;
}

/** Interval from the earliest start to the latest end of all records, s. */
function intervalOf(records: SourceRecord[]): number | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { fields } of records) {
    const start = instantOf(fields.startedAt);
    const lengthS = numberOf(fields.elapsedS) ?? numberOf(fields.timerS);
    if (start === null || lengthS === null) continue;
    from = Math.min(from, start);
    to = Math.max(to, start + lengthS * 1_000);
  }
  return to > from ? (to - from) / 1_000 : null;
}

/** A sport of "other" is no statement where somebody knows better, nor is a 0 where 0 means that nothing was entered. */
function states(record: SourceRecord, field: string, spec: FieldSpec | undefined): boolean {
  if (!Object.hasOwn(record.fields, field)) return false;
  return field === 'sport' ? record.fields.sport !== 'other' : !isBlank(spec, record.fields[field]);
}

function candidatesOf(
  records: SourceRecord[],
  group: string,
  fields: readonly string[],
  table: FieldTable,
): SourceRecord[] {
  const stating = records.filter((record) => fields.some((field) => states(record, field, table[field])));
  const anchor = GROUP_ANCHOR[group];
  const anchored = anchor === undefined ? [] : stating.filter((record) => states(record, anchor, table[anchor]));
  if (anchored.length > 0) return anchored;
  return stating.length > 0
    ? stating
    : records.filter((record) =>
        fields.some((field) => Object.hasOwn(record.fields, field) && !isBlank(table[field], record.fields[field])),
      );
}

/** When a watch's answer counts as the athlete's word: the end of what it recorded. */
function answeredAt(record: SourceRecord): Stamped {
  const start = instantOf(record.fields.startedAt) ?? 0;
  const lengthS = numberOf(record.fields.elapsedS) ?? numberOf(record.fields.timerS) ?? 0;
  return { value: null, stamp: stampAt(start + lengthS * 1_000), clientId: '' };
}

interface FieldInput {
  spec: FieldSpec;
  field: string;
  records: SourceRecord[];
  winner: SourceRecord | null;
  typed: Stamped | undefined;
  override: Stamped | undefined;
}

function stated(record: SourceRecord | null, field: string): Json | undefined {
  return record === null ? undefined : record.fields[field];
}

function othersOf({ field, records, typed }: FieldInput, winner: { source: string; record: SourceRecord | null }) {
  const others: { source: string; value: Json }[] = [];
  for (const record of records) {
    const value = record.fields[field];
    if (record === winner.record || value === undefined) continue;
    const source = sourceKey(record);
    const taken = source === winner.source || others.some((other) => other.source === source);
    others.push({ source: taken ? `${source}/${record.externalId}` : source, value });
  }
  if (winner.source !== 'athlete' && typed !== undefined && typed.value !== null) {
    others.push({ source: 'athlete', value: typed.value });
  }
  return others;
}

function resolveObjective(input: FieldInput): ResolvedField | null {
  const { field, winner, typed, records } = input;
  const value = stated(winner, field);
  if (winner !== null && value !== undefined) {
    const source = sourceKey(winner);
    const others = othersOf(input, { source, record: winner });
    return { value, source, rule: others.length === 0 ? 'only_source' : 'best_device', others };
  }
  if (typed !== undefined && typed.value !== null) {
    const others = othersOf(input, { source: 'athlete', record: null });
    return {
      value: typed.value,
      source: 'athlete',
      rule: records.length === 0 ? 'only_source' : 'typed_where_no_device',
      others,
    };
  }
  return null;
}

function isBlank(spec: FieldSpec | undefined, value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (spec?.zeroIsBlank === true && value === 0);
}

function resolveSubjective(input: FieldInput): ResolvedField | null {
  const { field, typed, records, spec } = input;
  let latest: { stamped: Stamped; source: string; record: SourceRecord | null } | null = null;
  if (typed !== undefined) latest = { stamped: typed, source: 'athlete', record: null };
  for (const record of records) {
    const value = record.fields[field];
    if (value === undefined || isBlank(spec, value)) continue;
    const stamped = { ...answeredAt(record), value };
    if (latest === null || compareStamped(stamped, latest.stamped) > 0) {
      latest = { stamped, source: sourceKey(record), record };
    }
  }
  if (latest === null || isBlank(spec, latest.stamped.value)) return null;
  const others = othersOf(input, latest).filter((other) => !isBlank(spec, other.value));
  const felt: ResolvedField = { value: latest.stamped.value, source: latest.source, rule: 'athlete_felt', others };
  const earlier = (typed?.earlier ?? []).map(({ value }) => value).filter((value) => !isBlank(spec, value));
  return earlier.length === 0 ? felt : { ...felt, earlier };
}

function resolveUser(input: FieldInput): ResolvedField | null {
  const { field, typed, records, spec } = input;
  if (typed !== undefined && typed.value !== null) {
    const rule = spec.class === 'setting' ? 'latest_setting' : 'athlete_decides';
    return {
      value: typed.value,
      source: 'athlete',
      rule,
      others: othersOf(input, { source: 'athlete', record: null }),
    };
  }
  const record = winnerOf(
    records.filter((candidate) => Object.hasOwn(candidate.fields, field)),
    null,
    null,
  );
  const value = stated(record, field);
  if (record === null || value === undefined) return null;
  const source = sourceKey(record);
  return { value, source, rule: 'provider_fills_blank', others: othersOf(input, { source, record }) };
}

function resolveDerived(input: FieldInput): ResolvedField | null {
  const record = input.records.find((candidate) => Object.hasOwn(candidate.fields, input.field)) ?? null;
  const value = stated(record, input.field);
  return record === null || value === undefined
    ? null
    : { value, source: sourceKey(record), rule: 'engine', others: [] };
}

function resolveField(input: FieldInput): ResolvedField | null {
  switch (input.spec.class) {
    case 'objective':
      return resolveObjective(input);
    case 'subjective':
      return resolveSubjective(input);
    case 'user':
    case 'setting':
      return resolveUser(input);
    case 'derived':
    case 'plan':
      return resolveDerived(input);
    case 'identity':
      return null;
  }
}

function mayCorrect(spec: FieldSpec, indoor: boolean, gpsInvalid: boolean): boolean {
  return spec.correctable === 'always' || (spec.correctable === 'indoor' && (indoor || gpsInvalid));
}

function applyOverride(input: FieldInput, resolved: ResolvedField | null): ResolvedField | null {
  const value = input.override?.value;
  if (value === undefined || value === null) return resolved;
  const others = resolved === null ? [] : [{ source: resolved.source, value: resolved.value }, ...resolved.others];
  return { value, source: 'override', rule: 'corrected_by_athlete', others };
}

/** Length of what the sources of an object could have covered, s: of a date the whole day. */
function lengthToCover(kind: Kind, measured: SourceRecord[]): number | null {
  return REGISTRY[kind].place === 'day' ? DAY_S : intervalOf(measured);
}

export function resolve(kind: Kind, state: ObjectState, table: FieldTable, athlete: AthleteFacts): Resolved {
  const records = recordsOf(state, kind).filter(isLive);
  const sources = records.filter((record) => record.layerId === null);
  const measured = kind === 'sleep' ? competingNights(sources, athlete.timeZone) : sources;
  const preferred = (group: string) =>
    Object.hasOwn(athlete.sourcePriority, group) ? athlete.sourcePriority[group] : undefined;
  const layers = Object.values(state.layers);
  const typed = newest(layers, 'typed');
  const override = newest(layers, 'override');
  const intervalS = lengthToCover(kind, measured);
  const winners = new Map<string, SourceRecord>();
  for (const [group, members] of measured.length === 0 ? [] : groupsOf(table)) {
    const candidates = candidatesOf(measured, group, members, table);
    const winner = winnerOf(candidates, group, intervalS, preferred(group));
    if (winner !== null) winners.set(group, winner);
  }
  const said = new Set([typed, override, ...measured.map((record) => record.fields)].flatMap(Object.keys));
  const fields: { [field: string]: ResolvedField } = {};
  // In the table's order, which is that of the texts that are stored and compared.
  for (const field in table) {
    const spec = table[field] as FieldSpec;
    if (spec.class === 'identity' || !said.has(field)) continue;
    const winner =
      spec.group !== null
        ? (winners.get(spec.group) ?? null)
        : winnerOf(
            measured.filter((record) => states(record, field, spec)),
            null,
            null,
          );
    const input: FieldInput = {
      spec,
      field,
      records: measured,
      winner,
      typed: typed[field],
      override: override[field],
    };
    let resolved = resolveField(input);
    if (spec.correctable === 'always') resolved = applyOverride(input, resolved);
    if (resolved !== null) fields[field] = resolved;
  }
  const indoor = fields.indoor?.value === true;
  const gpsInvalid = fields.gpsInvalid?.value === true;
  for (const field in table) {
    const spec = table[field] as FieldSpec;
    if (spec.correctable !== 'indoor' || !said.has(field) || !mayCorrect(spec, indoor, gpsInvalid)) continue;
    // A typed value stands in for a distance the athlete called wrong.
    const correction = override[field] ?? (gpsInvalid ? typed[field] : undefined);
    const input: FieldInput = {
      spec,
      field,
      records: measured,
      winner: null,
      typed: typed[field],
      override: correction,
    };
    const resolved = applyOverride(input, fields[field] ?? null);
    if (resolved !== null) fields[field] = resolved;
  }
  return { fields, winners, deleted: isDeleted(state), records };
}

/** Values that differ from the winning one by more than the field's tolerance, as `alt` shows them. */
export function altOf(resolved: Resolved, table: FieldTable): { [field: string]: JsonObject } {
  const alt: { [field: string]: JsonObject } = {};
  const indoor = resolved.fields.indoor?.value === true;
  for (const [field, { value, others }] of Object.entries(resolved.fields)) {
    const spec = table[field];
    if (spec === undefined || spec.class === 'derived' || NEVER_IN_ALT.has(field)) continue;
    const differing: JsonObject = {};
    for (const other of others) {
      const isInstant = field === 'startedAt' || field === 'endedAt';
      const a = isInstant ? instantOf(value) : value;
      const b = isInstant ? instantOf(other.value) : other.value;
      if (!withinTolerance(spec, a, b, indoor)) differing[other.source] = other.value;
    }
    if (Object.keys(differing).length > 0) alt[field] = differing;
  }
  return alt;
}
