/** One athlete's mutation into the world of a change. What cannot be applied is said, and nothing is altered then. */
import type { FieldSpec } from '../model/field.ts';
import { ATHLETE_KINDS, fieldsOf } from '../model/registry.ts';
import { localDay } from '../series/time-zone.ts';
import type { Json } from '../wire/json.ts';
import type { FieldOutcome, Mutation, RejectCode } from '../wire/sync.ts';
import { type Change, noteBefore } from './change.ts';
import { joinLayers } from './join.ts';
import { type AthleteLayer, emptyLayer, type Stamped } from './object-state.ts';
import { athleteRecordKey, knownZone } from './record.ts';
import { clampStamp, stampMs } from './stamp.ts';
import { createObject, findObject, type WorkingObject } from './world.ts';

const ID = /^[A-Za-z0-9_.:-]{1,128}$/;

export type AppliedMutation =
  | { ok: true; fields: { [field: string]: FieldOutcome }; stampClamped: boolean }
  | { ok: false; code: RejectCode; detail: string };

function reject(code: RejectCode, detail: string): AppliedMutation {
  return { ok: false, code, detail };
}

interface Accepted {
  fields: { [field: string]: Json };
  left: { [field: string]: FieldOutcome };
}

function writable(spec: FieldSpec, op: Mutation['op']): boolean {
  if (op === 'override') return spec.correctable !== 'never';
  return spec.athlete === 'typed';
}

/** Sorts the fields of a mutation into those it may write and those it may not; null with a reason when a value is invalid. */
function acceptFields(
  mutation: Mutation,
  table: { readonly [field: string]: FieldSpec },
): Accepted | { invalid: string } {
  const accepted: Accepted = { fields: {}, left: {} };
  const wanted: [string, Json][] = [
    ...Object.entries(mutation.set ?? {}),
    ...(mutation.unset ?? []).map((field): [string, Json] => [field, null]),
  ];
  for (const [field, value] of wanted) {
    const spec = Object.hasOwn(table, field) ? table[field] : undefined;
    if (spec === undefined) accepted.left[field] = 'unknown_field';
    else if (!writable(spec, mutation.op)) accepted.left[field] = 'read_only_field';
    else if (value !== null && !spec.type.safeParse(value).success) return { invalid: invalidDetail(field, spec) };
    else accepted.fields[field] = value;
  }
  return accepted;
}

function invalidDetail(field: string, spec: FieldSpec): string {
  return `The value of "${field}" is not one it can have. ${spec.help} Correct it and save again.`;
}

function stampedFields(
  fields: { [field: string]: Json },
  stamp: string,
  clientId: string,
): { [field: string]: Stamped } {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, stamp, clientId }]));
}

/** A log needs a date: as typed, else that of its start, else of the moment it was written. */
function withDay(
  fields: { [field: string]: Json },
  stamp: string,
  athleteZone: string | null,
): { [field: string]: Json } {
  const dated = (fields.day ?? null) !== null || (fields.startedAt ?? null) !== null;
  return dated ? fields : { ...fields, day: localDay(stampMs(stamp) ?? 0, { timeZone: knownZone(athleteZone) }) };
}

function layerOf(mutation: Mutation, fields: { [field: string]: Json }, stamp: string, clientId: string): AthleteLayer {
  const layer = emptyLayer();
  if (mutation.op === 'delete') layer.deleted = { value: true, stamp, clientId };
  else if (mutation.op === 'restore') layer.deleted = { value: false, stamp, clientId };
  else if (mutation.op === 'override') layer.override = stampedFields(fields, stamp, clientId);
  else layer.typed = stampedFields(fields, stamp, clientId);
  return layer;
}

function touch(change: Change, object: WorkingObject, recordKey: string): void {
  if (object.kind === 'activity') change.touched.add(recordKey);
  else change.simple.add(object);
}

/** @param place of the mutation in its batch. */
export function applyMutation(
  change: Change,
  mutation: Mutation,
  clientId: string,
  nowMs: number,
  place = 0,
): AppliedMutation {
  const table = fieldsOf(mutation.kind);
  if (table === undefined)
    return reject('unknown_kind', `This hub keeps no objects of kind "${mutation.kind}". Update the hub.`);
  // Ids are keys of plain objects, so names that those have by themselves would be taken for something else.
  if (!ID.test(mutation.id) || mutation.id in Object.prototype)
    return reject('invalid_value', 'The id may hold letters, digits and _ . : - only, up to 128.');
  if (stampMs(mutation.stamp) === null) return reject('invalid_value', 'The stamp must read "<ms>:<4 hex digits>".');
  const { stamp, clamped } = clampStamp(mutation.stamp, nowMs, place);
  const accepted = acceptFields(mutation, table);
  if ('invalid' in accepted) return reject('invalid_value', accepted.invalid);

  const { world } = change;
  const found = findObject(world, mutation.kind, mutation.id);
  if (found === undefined && mutation.op !== 'put') {
    return reject(
      'not_found',
      'There is no such object. It may have been created on another phone that has not synced yet.',
    );
  }
  if (found === undefined && !ATHLETE_KINDS.has(mutation.kind)) {
    return reject('forbidden_object', `Objects of kind "${mutation.kind}" are made by the hub, not by the app.`);
  }
  const recordKey = found?.state.anchors[mutation.id]?.record ?? athleteRecordKey(mutation.kind, mutation.id);
  noteBefore(change, found, recordKey);
  const object = found ?? createObject(world, mutation.kind, mutation.id, recordKey, true);
  const isNew = found === undefined;
  const fields =
    isNew && mutation.kind === 'activity'
      ? withDay(accepted.fields, stamp, world.loaded.athlete.timeZone)
      : accepted.fields;
  const layer = layerOf(mutation, fields, stamp, clientId);
  layer.created = isNew;
  object.state.layers[mutation.id] = joinLayers(object.state.layers[mutation.id], layer);
  touch(change, object, recordKey);
  return { ok: true, fields: accepted.left, stampClamped: clamped };
}
