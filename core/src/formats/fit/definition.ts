/**
 * Definition messages: they say how the data messages of one local number are laid out until the next definition.
 *
 * Writers with a single local number repeat their definitions all the time, so equal ones are kept once and what was
 * worked out for them (the reads, the record layout) serves again.
 */
import { BASE_TYPE, baseTypeOf, baseTypeSize } from './base-type.ts';
import { READ_MESSAGES, TIMESTAMP_FIELD } from './profile.ts';
import type { RecordLayout } from './record-layout.ts';

/** A field as it lies in the data message: `at` counts from the byte after the message header. */
export interface FieldDefinition {
  number: number;
  size: number;
  /** Base type number; null when the byte names none. */
  type: number | null;
  at: number;
}

export interface DeveloperFieldDefinition {
  number: number;
  size: number;
  developerIndex: number;
  at: number;
}

export interface Definition {
  global: number;
  /** Whether its data messages are read and not only counted. */
  isRead: boolean;
  littleEndian: boolean;
  /** Bytes of a data message after its header. */
  size: number;
  /** Where the time lies, -1 when the messages have none of their own. */
  timestampAt: number;
  fields: FieldDefinition[];
  /** The fields that hold whole values, by number; the last one of a number counts. */
  wholeFields: ReadonlyMap<number, FieldDefinition>;
  developerFields: DeveloperFieldDefinition[];
  /** Data messages seen. */
  messages: number;
  /** What a record message becomes (record-columns.ts), with the state of the developer fields it was made for. */
  layout: RecordLayout | null;
  layoutVersion: number;
}

const FIXED_BYTES = 6;
const BYTES_PER_FIELD = 3;
const DEVELOPER_FLAG = 0x20;
const MOST_OF_ONE_HASH = 16;

/** First byte after the definition message at `at`, or -1 when it does not fit before `end`. */
export function definitionEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + FIXED_BYTES > end) return -1;
  let next = at + FIXED_BYTES + bytes[at + 5]! * BYTES_PER_FIELD;
  if ((bytes[at]! & DEVELOPER_FLAG) !== 0) {
    if (next + 1 > end) return -1;
    next += 1 + bytes[next]! * BYTES_PER_FIELD;
  }
  return next > end ? -1 : next;
}

/** Every different definition of a file, each worked out once. */
export class Definitions {
  /** By a hash of its bytes: the definitions with that hash, and where each was first seen. */
  private readonly known = new Map<number, { definition: Definition; at: number; length: number; flag: number }[]>();
  private readonly forgotten: Definition[] = [];
  /** Different definitions so far. */
  count = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The definition in the bytes from `at` to `next`. */
  at(at: number, next: number): Definition {
    const length = next - at;
    const flag = this.bytes[at]! & DEVELOPER_FLAG;
    const hash = this.hash(at + 1, next);
    const sameHash = this.known.get(hash) ?? [];
    for (const entry of sameHash) {
      if (entry.length === length && entry.flag === flag && this.equal(entry.at + 1, at + 1, length - 1)) {
        return entry.definition;
      }
    }
    const definition = parseDefinition(this.bytes, at);
    // Many of one hash are made on purpose, to be slow to search. They are not remembered, so the limit stops them.
    if (sameHash.length < MOST_OF_ONE_HASH) sameHash.push({ definition, at, length, flag });
    else this.forgotten.push(definition);
    this.known.set(hash, sameHash);
    this.count++;
    return definition;
  }

  *all(): Iterable<Definition> {
    for (const sameHash of this.known.values()) for (const entry of sameHash) yield entry.definition;
    yield* this.forgotten;
  }

  /** FNV-1a. */
  private hash(from: number, to: number): number {
    let hash = 0x811c_9dc5;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ this.bytes[at]!, 0x0100_0193);
    return hash;
  }

  private equal(a: number, b: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.bytes[a + i] !== this.bytes[b + i]) return false;
    return true;
  }
}

function parseDefinition(bytes: Uint8Array, start: number): Definition {
  const littleEndian = bytes[start + 2] === 0;
  const low = bytes[start + 3]!;
  const high = bytes[start + 4]!;
  const fields: FieldDefinition[] = [];
  const developerFields: DeveloperFieldDefinition[] = [];
  let timestampAt = -1;
  let size = 0;
  let at = start + FIXED_BYTES;
  for (let left = bytes[start + 5]!; left > 0; left--, at += BYTES_PER_FIELD) {
    const field = { number: bytes[at]!, size: bytes[at + 1]!, type: baseTypeOf(bytes[at + 2]!), at: size };
    if (field.number === TIMESTAMP_FIELD && field.type === BASE_TYPE.uint32 && isWhole(field)) timestampAt = size;
    fields.push(field);
    size += field.size;
  }
  if ((bytes[start]! & DEVELOPER_FLAG) !== 0) {
    const count = bytes[at++]!;
    for (let left = count; left > 0; left--, at += BYTES_PER_FIELD) {
      const field = { number: bytes[at]!, size: bytes[at + 1]!, developerIndex: bytes[at + 2]!, at: size };
      developerFields.push(field);
      size += field.size;
    }
  }
  const global = littleEndian ? low | (high << 8) : high | (low << 8);
  return {
    global,
    isRead: READ_MESSAGES.has(global),
    littleEndian,
    size,
    timestampAt,
    fields,
    wholeFields: new Map(fields.filter(isWhole).map((field) => [field.number, field])),
    developerFields,
    messages: 0,
    layout: null,
    layoutVersion: -1,
  };
}

/** Whether a field holds one or more whole values of its type: some watches declare four-byte types of one byte. */
export function isWhole(field: { size: number; type: number | null }): boolean {
  if (field.type === null) return false;
  const valueSize = baseTypeSize(field.type);
  return field.size >= valueSize && field.size % valueSize === 0;
}
