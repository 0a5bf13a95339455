/** Messages that are not records: few of them, each becomes an object. */
import { BASE_TYPE, baseTypeOf, baseTypeSize, numberClass, readNumber, readText } from './base-type.ts';
import { type Definition, type FieldDefinition, isWhole } from './definition.ts';
import type { FieldDescription, HrMessage } from './fit-messages.ts';
import { type MessageOf, type MessageProfile, TIMESTAMP_FIELD } from './profile.ts';

const NO_BYTES = new Uint8Array(0);

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

/** Adds the beat intervals of an `hrv` message, in seconds. */
export function readBeatIntervals(source: FitSource, place: MessagePlace, into: number[]): void {
  const field = place.definition.wholeFields.get(0);
  if (field?.type !== BASE_TYPE.uint16) return;
  for (const milliseconds of numbersOf(source, place, field)) {
    if (!Number.isNaN(milliseconds)) into.push(milliseconds / 1_000);
  }
}

/** A piece of a heart-rate strap's memory. */
export function readHr(source: FitSource, place: MessagePlace): HrMessage {
  const { wholeFields } = place.definition;
  const numbers = (number: number): number[] => {
    const field = wholeFields.get(number);
    return field === undefined ? [] : numbersOf(source, place, field);
  };
  const fractional = firstOf(source, place, 0);
  const events = numbers(9);
  const packed = wholeFields.get(10);
  const packedAt = packed === undefined ? 0 : place.payload + packed.at;
  return {
    timestamp: firstOf(source, place, TIMESTAMP_FIELD),
    fractionalS: fractional === null ? null : fractional / 32_768,
    bpm: numbers(6),
    eventS: events.some(Number.isNaN) ? [] : events.map((ticks) => ticks / 1_024),
    packedEvents: packed === undefined ? NO_BYTES : source.bytes.slice(packedAt, packedAt + packed.size),
  };
}

/** What a developer field is; null when the message names neither app nor field. */
export function readFieldDescription(source: FitSource, place: MessagePlace): FieldDescription | null {
  const number = (of: number): number | null => firstOf(source, place, of);
  const text = (of: number): string => {
    const field = place.definition.wholeFields.get(of);
    if (field?.type !== BASE_TYPE.string) return '';
    return readText(source.bytes, place.payload + field.at, field.size) ?? '';
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

function firstOf(source: FitSource, place: MessagePlace, number: number): number | null {
  const field = place.definition.wholeFields.get(number);
  return field === undefined ? null : firstNumber(source, place, field);
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
