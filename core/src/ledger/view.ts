/** View: the resolved object as clients see it, with what follows from it (day, speed, sources). Pure. */
import type { FieldTable } from '../model/field.ts';
import { REGISTRY } from '../model/registry.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import { isShown, standingOf } from './completions.ts';
import type { ObjectState } from './object-state.ts';
import { isOpen } from './questions.ts';
import { dayOf, instantOf, isLive, numberOf, recordsOf } from './record.ts';
import { type AthleteFacts, altOf, type Resolved, type ResolvedField, resolve } from './resolve.ts';
import { channelClaims } from './series-of.ts';

export interface View {
  data: JsonObject;
  alt: { [field: string]: JsonObject };
  provenance: { [field: string]: string };
  day: string | null;
  startedAtMs: number | null;
  deleted: boolean;
  resolved: Resolved;
}

function computed(value: Json): ResolvedField {
  return { value, source: 'derived', rule: 'computed', others: [] };
}

function union(value: Json): ResolvedField {
  return { value, source: 'derived', rule: 'union', others: [] };
}

/** Fields that follow from the others of an activity. */
function deriveActivity(resolved: Resolved, state: ObjectState): void {
  const { fields } = resolved;
  const distanceM = numberOf(fields.distanceM?.value);
  const timeS = numberOf(fields.timerS?.value) ?? numberOf(fields.elapsedS?.value);
  if (distanceM !== null && timeS !== null && timeS > 0) {
    fields.avgSpeedMps = computed(Math.round((distanceM / timeS) * 1_000) / 1_000);
  }
  // A corrected sport leaves the device's finer word behind unless that was corrected too.
  if (fields.sport?.source === 'override' && fields.subSport !== undefined && fields.subSport.source !== 'override') {
    delete fields.subSport;
  }
  fields.counted = computed(state.context.counted);
  if (state.context.partOf !== null) fields.partOf = computed(state.context.partOf.id);
  const channels = [...channelClaims(resolved).keys()];
  if (channels.length > 0) fields.channels = computed(channels);
  const sources = resolved.records
    .filter((record) => record.layerId === null)
    .map(({ provider, externalId }) => `${provider}\n${externalId}`);
  if (sources.length > 0) {
    fields.sources = union(
      [...new Set(sources)].sort().map((source) => {
        const [provider = '', externalId = ''] = source.split('\n');
        return { provider, externalId };
      }),
    );
  }
  const groupKey =
    resolved.records.map((record) => record.groupKey).find((key) => key !== null) ?? state.context.splitGroup;
  if (groupKey !== null && groupKey !== undefined) fields.groupKey = union(groupKey);
}

const STAGES = ['asleepS', 'awakeS', 'lightS', 'deepS', 'remS'];

/** The interval decides how long the night was; where the athlete corrected it, stages and score are of another one. */
function deriveSleep(resolved: Resolved): void {
  const { fields } = resolved;
  const startMs = instantOf(fields.startedAt?.value);
  const endMs = instantOf(fields.endedAt?.value);
  if (startMs !== null && endMs !== null && endMs > startMs) fields.durationS = computed((endMs - startMs) / 1_000);
  const corrected = [fields.startedAt, fields.endedAt].some(
    (field) =>
      field?.source === 'override' && field.others.some((other) => instantOf(other.value) !== instantOf(field.value)),
  );
  if (!corrected) return;
  for (const stage of STAGES) delete fields[stage];
  if (fields.score !== undefined) fields.scoreStale = computed(true);
}

function dayOfView(kind: Kind, resolved: Resolved, state: ObjectState, athleteZone: string | null): string | null {
  const stated: JsonObject = {};
  for (const field of ['startedAt', 'timeZone', 'utcOffsetS', 'day']) {
    const value = resolved.fields[field]?.value;
    if (value !== undefined) stated[field] = value;
  }
  const { place } = REGISTRY[kind];
  if (kind === 'question' || place === 'day' || place === 'night') return state.context.day;
  return dayOf(stated, athleteZone) ?? state.context.day;
}

/** Whether anybody still says anything about the object: one of its live records, or the athlete. */
export function hasContent(state: ObjectState, live = recordsOf(state).filter(isLive)): boolean {
  if (live.length > 0) return true;
  return Object.values(state.layers).some((layer) =>
    Object.values(layer.typed).some((stamped) => stamped.value !== null),
  );
}

/** Whether an object is there for people, kind by kind. */
function isThere(kind: Kind, state: ObjectState, resolved: Resolved): boolean {
  if (kind === 'planned_workout') return isShown(standingOf(state));
  if (kind === 'question') return isOpen(state);
  return !resolved.deleted && hasContent(state, resolved.records);
}

export function viewOf(kind: Kind, state: ObjectState, table: FieldTable, athlete: AthleteFacts): View {
  const resolved = resolve(kind, state, table, athlete);
  if (kind === 'activity') deriveActivity(resolved, state);
  else if (kind === 'sleep') deriveSleep(resolved);
  const day = dayOfView(kind, resolved, state, athlete.timeZone);
  const startedAtMs = instantOf(resolved.fields.startedAt?.value);
  const data: JsonObject = {};
  const provenance: { [field: string]: string } = {};
  for (const field of Object.keys(table)) {
    const entry = resolved.fields[field];
    // The day travels beside the data, so that windows and lists need not open it.
    if (entry === undefined || field === 'day') continue;
    data[field] = entry.value;
    provenance[field] = entry.source;
  }
  const deleted = !isThere(kind, state, resolved);
  return { data, alt: altOf(resolved, table), provenance, day, startedAtMs, deleted, resolved };
}
