/**
 * A record is one thing as one source knows it: all forms of one external id (step 1 of matching), or what an athlete
 * created under one id. Matching compares records; forms of one record are one device's word, richest form first.
 */

import { isTimeZone, localDay } from '../series/time-zone.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import { type Claim, FORMS, ORIGINS } from './claim.ts';
import type { AthleteLayer, ObjectState, Stamped } from './object-state.ts';
import { compareStamped } from './stamp.ts';

export interface SourceRecord {
  key: string;
  provider: string;
  externalId: string;
  part: number;
  /** Live claims of the record, best first. Empty for an athlete's record and for one the source withdrew. */
  claims: Claim[];
  identities: string[];
  groupKey: string | null;
  /** First stated value per field, best form first. */
  fields: JsonObject;
  /** Index into ORIGINS of its best claim. */
  level: number;
  /** Connected sources go before imports when all else is equal. */
  connected: boolean;
  /** The layer id of an athlete's record, else null. */
  layerId: string | null;
  /** The athlete's latest word on whether it is deleted, under any id the record founded; null when there was none. */
  deleted: Stamped<boolean> | null;
  /** When the athlete made it: the oldest of its typed values. Null for a record of a provider. */
  madeAt: Stamped | null;
}

const MANUAL_LEVEL = ORIGINS.indexOf('manual');

export function recordKeyOf(claim: Pick<Claim, 'kind' | 'provider' | 'externalId' | 'part'>): string {
  return `${claim.kind}|${claim.provider}|${claim.externalId}|${claim.part}`;
}

export function athleteRecordKey(kind: Kind, layerId: string): string {
  return `${kind}|athlete|${layerId}|0`;
}

/** Best claim first: origin, then form, then key. */
export function compareClaims(a: Claim, b: Claim): number {
  return (
    ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin) ||
    FORMS.indexOf(a.form) - FORMS.indexOf(b.form) ||
    (a.claimKey < b.claimKey ? -1 : a.claimKey > b.claimKey ? 1 : 0)
  );
}

/** The record that these claims of one key make. */
export function claimRecord(key: string, claims: Claim[]): SourceRecord {
  const live = claims.filter((claim) => claim.fields !== null).sort(compareClaims);
  const first = (live[0] ?? claims[0]) as Claim;
  const fields: JsonObject = {};
  for (const claim of live) {
    for (const [field, value] of Object.entries(claim.fields ?? {})) {
      if (value !== null && !Object.hasOwn(fields, field)) fields[field] = value;
    }
  }
  return {
    key,
    provider: first.provider,
    externalId: first.externalId,
    part: first.part,
    claims: live,
    identities: [...new Set(live.flatMap((claim) => claim.identities))].sort(),
    groupKey: live.find((claim) => claim.groupKey !== null)?.groupKey ?? null,
    fields,
    level: live[0] === undefined ? MANUAL_LEVEL : ORIGINS.indexOf(live[0].origin),
    connected: live.some((claim) => claim.connectionId !== null),
    layerId: null,
    deleted: null,
    madeAt: null,
  };
}

function athleteRecord(key: string, layerId: string, layer: AthleteLayer): SourceRecord {
  const fields: JsonObject = {};
  for (const [field, stamped] of Object.entries(layer.typed)) {
    if (stamped.value !== null) fields[field] = stamped.value;
  }
  return {
    key,
    provider: 'athlete',
    externalId: layerId,
    part: 0,
    claims: [],
    identities: [],
    groupKey: null,
    fields,
    level: MANUAL_LEVEL,
    connected: false,
    layerId,
    deleted: null,
    madeAt: Object.values(layer.typed).reduce<Stamped | null>(
      (oldest, stamped) => (oldest === null || compareStamped(stamped, oldest) < 0 ? stamped : oldest),
      null,
    ),
  };
}

/** Every record of a state, in key order. Withdrawn records are there too, without claims. */
export function recordsOf(state: ObjectState, kind: Kind = 'activity'): SourceRecord[] {
  const byKey = new Map<string, Claim[]>();
  for (const claim of Object.values(state.claims)) {
    const key = recordKeyOf(claim);
    const claims = byKey.get(key);
    if (claims === undefined) byKey.set(key, [claim]);
    else claims.push(claim);
  }
  const records = [...byKey].map(([key, claims]) => claimRecord(key, claims));
  const deleted = new Map<string, Stamped<boolean>>();
  for (const [id, layer] of Object.entries(state.layers)) {
    const key = state.anchors[id]?.record ?? athleteRecordKey(kind, id);
    if (layer.created) records.push(athleteRecord(key, id, layer));
    const word = deleted.get(key);
    if (layer.deleted !== null && (word === undefined || compareStamped(layer.deleted, word) > 0))
      deleted.set(key, layer.deleted);
  }
  for (const record of records) record.deleted = deleted.get(record.key) ?? null;
  return records.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Whether the record still says anything: its source has not withdrawn it. */
export function isLive(record: SourceRecord): boolean {
  return record.layerId !== null || record.claims.length > 0;
}

export function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Epoch ms of an ISO instant field, or null. */
export function instantOf(value: Json | undefined): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** A zone this machine knows: a phone may be newer than the hub, and that must stop nothing. */
export function knownZone(timeZone: string | null): string | null {
  return timeZone !== null && isTimeZone(timeZone) ? timeZone : null;
}

/**
 * Local date of a record's start: as stated, else from the instant in the record's own zone or offset, else in the
 * athlete's zone, else UTC.
 */
export function dayOf(fields: JsonObject, athleteZone: string | null): string | null {
  const startMs = instantOf(fields.startedAt);
  if (startMs === null) return textOf(fields.day);
  const timeZone = knownZone(textOf(fields.timeZone));
  const utcOffsetS = numberOf(fields.utcOffsetS);
  if (timeZone !== null) return localDay(startMs, { timeZone });
  if (utcOffsetS !== null) return localDay(startMs, { utcOffsetS });
  return localDay(startMs, { timeZone: knownZone(athleteZone) });
}
