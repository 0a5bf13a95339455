/**
 * Where a record belongs by its nature: the one object of its date, of its athlete, or of its name in a catalogue. Kinds
 * that are compared (activity) or whose every record is an object of its own have no such place.
 */
import { createHash } from 'node:crypto';
import { REGISTRY } from '../model/registry.ts';
import { isDay } from '../series/day.ts';
import type { Kind } from '../wire/kinds.ts';
import { isLive, type SourceRecord, textOf } from './record.ts';

const ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** Ids are keys of plain objects, so names that those have by themselves would be taken for something else. */
export function isObjectId(text: string): boolean {
  return ID.test(text) && !(text in Object.prototype);
}

/** Id that a provider's or engine's own name of a thing stands for, the same in the app and in the hub. */
export function namedId(provider: string, externalId: string): string {
  const id = `${provider.replace(/^engine:/, '')}:${externalId}`;
  if (isObjectId(id)) return id;
  return `named_${createHash('sha256').update(`${provider}\n${externalId}`).digest('hex').slice(0, 32)}`;
}

/** Null where the kind knows no such place, or the record says nothing any more. */
export function placeOf(kind: Kind, record: SourceRecord): string | null {
  if (!isLive(record)) return null;
  const { place } = REGISTRY[kind];
  if (place === 'one') return kind;
  if (place === 'named') return namedId(record.provider, record.externalId);
  if (place !== 'day') return null;
  const day = textOf(record.fields.day);
  return day !== null && isDay(day) ? day : null;
}
