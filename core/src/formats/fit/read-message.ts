/** Messages that are not records: few of them, each becomes an object. */
import { BASE_TYPE, baseTypeSize, numberClass, readNumber, readText } from './base-type.ts';
import { type Definition, type FieldDefinition, isWhole } from './definition.ts';
import type { FieldDescription, HrMessage } from './fit-messages.ts';
import { baseTypeOf } from './base-type.ts';
import type { MessageOf, MessageProfile } from './profile.ts';

/** The bytes of a file, both ways of looking at them. */
export interface FitSource {
  bytes: Uint8Array;
  view: DataView;
}

/** A data message: how it is laid out and where its bytes begin. */
export interface MessagePlace {
  definition: Definition;
  payload: number;
}

/** The fields of a profile that the message states. */
export function readMessage<N extends string, T extends string>(
  source: FitSource,
  place: MessagePlace,
  profile: MessageProfile<N, T>,
): MessageOf<MessageProfile<N, T>> {
  const message: Partial<Record<string, number | string>> = {};
  for (const field of place.definition.fields) {
    const scaled = profile.numbers.get(field.number);
    if (scaled !== undefined) {
      const value = firstNumber(source, place, field);
      if (value !== null) message[scaled.name] = value / scaled.scale + scaled.offset;
      continue;
    }
    const text = profile.texts.get(field.number);
    if (text !== undefined && field.type === BASE_TYPE.string) {
      const value = readText(source.bytes, place.payload + field.at, field.size);
      if (value !== null) message[text] = value;
    }
  }
  return message as MessageOf<MessageProfile<N, T>>;
}

/** Beat intervals of an `hrv` message, in seconds. */
export function readBeatIntervals(source: FitSource, place: MessagePlace): number[] {
  const field = fieldOf(place, 0);
  if (field === null || field.type !== BASE_TYPE.uint16) return [];
  return numbersOf(source, place, field)
    .filter((value) => !Number.isNaN(value))
    .map((value) => value / 1_000);
}

/** A piece of a heart-rate strap's memory. */
export function readHr(source: FitSource, place: MessagePlace): HrMessage {
  const numbers = (number: number): number[] => {
    const field = fieldOf(place, number);
    return field === null ? [] : numbersOf(source, place, field);
  };
  const packed = fieldOf(place, 10);
  const start = packed === null ? 0 : place.payload + packed.at;
  const fractional = numbers(0)[0] ?? Number.NaN;
  const timestamp = numbers(253)[0] ?? Number.NaN;
  const events = numbers(9);
  return {
    timestamp: Number.isNaN(timestamp) ? null : timestamp,
    fractionalS: Number.isNaN(fractional) ? null : fractional / 32_768,
    bpm: numbers(6),
    eventS: events.some(Number.isNaN) ? [] : events.map((ticks) => ticks / 1_024),
    packedEvents: packed === null ? new Uint8Array(0) : source.bytes.slice(start, start + packed.size),
  };
}

/** What a developer field is; null when the message names neither app nor field. */
export function readFieldDescription(source: FitSource, place: MessagePlace): FieldDescription | null {
  const number = (of: number): number | null => {
    const field = fieldOf(place, of);
    return field === null ? null : firstNumber(source, place, field);
  };
  const text = (of: number): string => {
    const field = place.definition.fields.find((each) => each.number === of && each.type === BASE_TYPE.string);
    return field === undefined ? '' : (readText(source.bytes, place.payload + field.at, field.size) ?? '');
  };
  const developerIndex = number(0);
  const fieldNumber = number(1);
  if (developerIndex === null || fieldNumber === null) return null;
  const baseType = number(2);
  return {
    developerIndex,
    fieldNumber,
    baseType: baseType === null ? null : baseTypeOf(baseType),
    name: text(3),
    units: text(8),
    scale: number(6) || 1,
    offset: number(7) ?? 0,
    nativeMessage: number(14),
    nativeField: number(15),
  };
}

/** The last field of that number which holds whole numbers. */
function fieldOf(place: MessagePlace, number: number): FieldDefinition | null {
  const { fields } = place.definition;
  return fields.findLast((field) => field.number === number && isWhole(field)) ?? null;
}

function firstNumber(source: FitSource, place: MessagePlace, field: FieldDefinition): number | null {
  if (field.type === null || !isWhole(field) || numberClass(field.type) === null) return null;
  const value = readNumber(source.view, place.payload + field.at, field.type, place.definition.littleEndian);
  return Number.isNaN(value) ? null : value;
}

/** All values of an array field, NaN where one says "no value". */
function numbersOf(source: FitSource, place: MessagePlace, field: FieldDefinition): number[] {
  const type = field.type ?? BASE_TYPE.string;
  const size = baseTypeSize(type);
  const values: number[] = [];
  for (let at = 0; at < field.size; at += size) {
    values.push(readNumber(source.view, place.payload + field.at + at, type, place.definition.littleEndian));
  }
  return values;
}
