/** Record messages of the library "fit-file-parser" as columns. */
import { baseTypeSize, numberClass, readNumber } from './base-type.ts';
import { FIT_LIMITS } from './fit-limits.ts';
import type { DeveloperColumn, FieldDescription, FitRecords, RecordField } from './fit-messages.ts';
import { type LibraryMessage, libraryBytes, libraryTime } from './library-messages.ts';
import { PACKED_BYTES, unpackSpeedDistance } from './packed-speed-distance.ts';
import { RECORD } from './profile.ts';

/** A developer value as its bytes: what the library keeps when two fields have one name. */
export interface RawDeveloperField {
  row: number;
  developerIndex: number;
  fieldNumber: number;
  bytes: readonly number[];
}

const NATIVE_NAMES: ReadonlySet<string> = new Set([...RECORD.numbers.values()].map(({ name }) => name));

/** All records as columns, at most as many as are kept of any file. */
export function libraryRecords(
  all: readonly LibraryMessage[],
  descriptions: readonly FieldDescription[],
  raw: readonly RawDeveloperField[],
): FitRecords {
  const records = all.slice(0, FIT_LIMITS.records);
  const columns: { [F in RecordField]?: Float64Array } = {};
  for (const { name } of RECORD.numbers.values()) {
    const values = columnOf(records, name);
    if (values !== null) columns[name] = values;
  }
  const packed = unpacked(records);
  return {
    count: records.length,
    timestamp: Float64Array.from(records, (record) => libraryTime(record.timestamp)),
    columns,
    packedSpeed: packed?.speed ?? null,
    packedDistance: packed?.distance ?? null,
    developer: developerColumns(records, descriptions, raw),
  };
}

/** One named field; null when no record has it. */
function columnOf(records: readonly LibraryMessage[], name: string): Float64Array | null {
  const values = Float64Array.from(records, (record) => firstNumber(record[name]));
  return values.every(Number.isNaN) ? null : values;
}

function firstNumber(value: unknown): number {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && Number.isFinite(first) ? first : Number.NaN;
}

/** `compressed_speed_distance` comes as three bytes. */
function unpacked(records: readonly LibraryMessage[]): ReturnType<typeof unpackSpeedDistance> {
  const bytes = new Uint8Array(records.length * PACKED_BYTES);
  const places = new Int32Array(records.length).fill(-1);
  records.forEach((record, row) => {
    const packed = libraryBytes(record.compressed_speed_distance);
    if (packed.length !== PACKED_BYTES) return;
    places[row] = row * PACKED_BYTES;
    bytes.set(packed, places[row]);
  });
  return unpackSpeedDistance(new DataView(bytes.buffer), places);
}

/**
 * Developer fields go by their name. Where a name is not one field's alone the values are read from their bytes, as
 * little-endian numbers: the library does not say which way round they are.
 */
function developerColumns(
  records: readonly LibraryMessage[],
  descriptions: readonly FieldDescription[],
  raw: readonly RawDeveloperField[],
): DeveloperColumn[] {
  const fields = new Map(descriptions.map((each) => [`${each.developerIndex}/${each.fieldNumber}`, each]));
  const columns: DeveloperColumn[] = [];
  for (const description of fields.values()) {
    const { name, baseType } = description;
    if (baseType === null || numberClass(baseType) === null || columns.length === FIT_LIMITS.developerColumns) continue;
    const isShared = NATIVE_NAMES.has(name) || [...fields.values()].filter((each) => each.name === name).length > 1;
    const values = isShared ? fromBytes(description, raw, records.length) : columnOf(records, name);
    if (values !== null) columns.push({ description, values });
  }
  return columns;
}

function fromBytes(
  { developerIndex, fieldNumber, baseType, scale, offset }: FieldDescription,
  raw: readonly RawDeveloperField[],
  count: number,
): Float64Array | null {
  const values = new Float64Array(count).fill(Number.NaN);
  for (const field of raw) {
    if (field.developerIndex !== developerIndex || field.fieldNumber !== fieldNumber || field.row >= count) continue;
    if (baseType === null || field.bytes.length < baseTypeSize(baseType)) continue;
    const view = new DataView(Uint8Array.from(field.bytes).buffer);
    values[field.row] = readNumber(view, 0, baseType, true) / scale - offset;
  }
  return values.every(Number.isNaN) ? null : values;
}
