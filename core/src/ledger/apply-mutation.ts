/** One athlete's mutation into the world of a change. What cannot be applied is said, and nothing is altered then. */
import type { FieldSpec, FieldTable } from '../model/field.ts';
import { type KindSpec, kindSpec } from '../model/registry.ts';
import { isDay } from '../series/day.ts';
import { localDay } from '../series/time-zone.ts';
import type { Json } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';
import type { FieldOutcome, Mutation, RejectCode } from '../wire/sync.ts';
import { isShown, standingOf } from './completions.ts';
import { joinLayers } from './join.ts';
import { type AthleteLayer, emptyLayer, type Stamped } from './object-state.ts';
import { type Change, noteBefore } from './open-change.ts';
import { isObjectId } from './place.ts';
import { askedOf, askedQuestion } from './questions.ts';
import { athleteRecordKey, knownZone } from './record.ts';
import { clampStamp, stampMs } from './stamp.ts';
import { createObject, findObject, type WorkingObject } from './world.ts';

export type AppliedMutation =
  | { ok: true; fields: { [field: string]: FieldOutcome }; stampClamped: boolean }
  /** An edit of a planned workout that the plan has replaced meanwhile: nothing was applied, and a question says so. */
  | { ok: 'superseded' }
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
function acceptFields(mutation: Mutation, table: FieldTable): Accepted | { invalid: string } {
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
  table: FieldTable,
  stamp: string,
  clientId: string,
): { [field: string]: Stamped } {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      const stamped: Stamped = { value, stamp, clientId };
      return [field, table[field]?.keepsEarlier ? { ...stamped, earlier: [] } : stamped];
    }),
  );
}

/** Kinds an athlete logs something under: a log needs a date. */
const LOGGED: ReadonlySet<Kind> = new Set<Kind>(['activity', 'measurement', 'completion']);

/** The date as typed, else that of its start, else of the moment it was written. */
function withDay(
  fields: { [field: string]: Json },
  stamp: string,
  athleteZone: string | null,
): { [field: string]: Json } {
  const dated = (fields.day ?? null) !== null || (fields.startedAt ?? null) !== null;
  return dated ? fields : { ...fields, day: localDay(stampMs(stamp) ?? 0, { timeZone: knownZone(athleteZone) }) };
}

function layerOf(
  mutation: Mutation,
  fields: { [field: string]: Json },
  table: FieldTable,
  stamp: string,
  clientId: string,
): AthleteLayer {
  const layer = emptyLayer();
  if (mutation.op === 'delete') layer.deleted = { value: true, stamp, clientId };
  else if (mutation.op === 'restore') layer.deleted = { value: false, stamp, clientId };
  else if (mutation.op === 'override') layer.override = stampedFields(fields, table, stamp, clientId);
  else layer.typed = stampedFields(fields, table, stamp, clientId);
  return layer;
}

function touch(change: Change, object: WorkingObject, recordKey: string, fields: { [field: string]: Json }): void {
  if (object.kind !== 'activity') change.simple.add(object);
  else change.touched.add(recordKey);
  // What is told apart is compared anew, although the record itself says what it said.
  if (object.kind === 'activity' && Object.hasOwn(fields, 'notSame')) change.before.set(recordKey, null);
}

/** Whether a mutation may be made on this kind and id at all; null when it may. */
function refusal(mutation: Mutation, spec: KindSpec): AppliedMutation | null {
  const { kind, id, op } = mutation;
  if (!isObjectId(id)) return reject('invalid_value', 'The id may hold letters, digits and _ . : - only, up to 128.');
  if (stampMs(mutation.stamp) === null) return reject('invalid_value', 'The stamp must read "<ms>:<4 hex digits>".');
  if (spec.athlete === 'reads')
    return reject('forbidden_object', `Objects of kind "${kind}" are written by the hub alone.`);
  if ((op === 'delete' || op === 'restore') && !spec.deletable)
    return reject('forbidden_object', `Objects of kind "${kind}" cannot be deleted. Clear their fields instead.`);
  if (spec.place === 'one' && id !== kind)
    return reject('invalid_value', `There is one ${kind}, and its id is "${kind}".`);
  if ((spec.place === 'day' || spec.place === 'night') && !isDay(id))
    return reject('invalid_value', `The id of a ${kind} is its local date, YYYY-MM-DD.`);
  return null;
}

/** A planned workout may be moved or locked while it lies ahead; null when the edit may be applied. */
function planRefusal(
  change: Change,
  workout: WorkingObject,
  mutation: Mutation,
  fields: { [field: string]: Json },
  stamp: string,
  nowMs: number,
): AppliedMutation | null {
  const standing = standingOf(workout.state);
  const timeZone = knownZone(change.world.loaded.athlete.timeZone);
  const today = localDay(nowMs, { timeZone });
  const isFrozen = standing.completions.length > 0 || (standing.day !== null && standing.day < today);
  if (isShown(standing) && !isFrozen) return null;
  const editedOn = localDay(stampMs(stamp) ?? nowMs, { timeZone });
  if (isShown(standing) && (standing.day === null || editedOn > standing.day))
    return reject(
      'plan_locked',
      'The workout lies in the past or was done: it stays as it is. Log what you did instead.',
    );
  const wanted = JSON.stringify(fields);
  const question = askedQuestion({
    code: 'edit_not_applied',
    records: [`planned_workout|${workout.id}`, mutation.mid],
    about: [{ kind: 'planned_workout', id: workout.id }],
    params: { day: standing.day ?? '', wanted },
    at: { startMs: null, day: standing.day },
  });
  change.questions.set(question.id, question);
  return { ok: 'superseded' };
}

/** An answer must be one of those that make sense; null when it is. */
function answerRefusal(question: WorkingObject, fields: { [field: string]: Json }): AppliedMutation | null {
  const { answer } = fields;
  if (typeof answer !== 'string') return null;
  const options = askedOf(question.state)?.options ?? [];
  return options.includes(answer) ? null : reject('invalid_value', `The answer must be one of: ${options.join(', ')}.`);
}

/** @param place of the mutation in its batch. */
export function applyMutation(
  change: Change,
  mutation: Mutation,
  clientId: string,
  nowMs: number,
  place = 0,
): AppliedMutation {
  const { kind, id, op } = mutation;
  const spec = kindSpec(kind);
  if (spec === undefined) return reject('unknown_kind', `This hub keeps no objects of kind "${kind}". Update the hub.`);
  const refused = refusal(mutation, spec);
  if (refused !== null) return refused;
  const table = spec.fields;
  const { stamp, clamped } = clampStamp(mutation.stamp, nowMs, place);
  const accepted = acceptFields(mutation, table);
  if ('invalid' in accepted) return reject('invalid_value', accepted.invalid);

  const { world } = change;
  const found = findObject(world, kind, id);
  if (found === undefined && op !== 'put') {
    return reject(
      'not_found',
      'There is no such object. It may have been created on another phone that has not synced yet.',
    );
  }
  if (found === undefined && spec.athlete !== 'creates') {
    return reject('forbidden_object', `Objects of kind "${kind}" are made by the hub, not by the app.`);
  }
  if (found !== undefined) {
    const other =
      kind === 'planned_workout'
        ? planRefusal(change, found, mutation, accepted.fields, stamp, nowMs)
        : kind === 'question'
          ? answerRefusal(found, accepted.fields)
          : null;
    if (other !== null) return other;
  }
  const isNew = found === undefined;
  if (isNew && kind === 'completion' && typeof accepted.fields.plannedWorkoutId !== 'string')
    return reject('invalid_value', 'A completion names the planned workout: set "plannedWorkoutId".');
  const recordKey = found?.state.anchors[id]?.record ?? athleteRecordKey(kind, id);
  noteBefore(change, found, recordKey);
  const object = found ?? createObject(world, kind, id, recordKey, true);
  const fields =
    isNew && LOGGED.has(kind) ? withDay(accepted.fields, stamp, world.loaded.athlete.timeZone) : accepted.fields;
  const layer = layerOf(mutation, fields, table, stamp, clientId);
  layer.created = isNew;
  object.state.layers[id] = joinLayers(object.state.layers[id], layer);
  touch(change, object, recordKey, accepted.fields);
  return { ok: true, fields: accepted.left, stampClamped: clamped };
}
