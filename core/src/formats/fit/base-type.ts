/**
 * The base types of FIT fields and how one value of each is read.
 *
 * A definition names the type in one byte: the number below plus, for types of more than one byte, the flag 0x80.
 * Some writers forget the flag, so only the number counts.
 */
export const BASE_TYPE = {
  enum: 0,
  sint8: 1,
  uint8: 2,
  sint16: 3,
  uint16: 4,
  sint32: 5,
  uint32: 6,
  string: 7,
  float32: 8,
  float64: 9,
  uint8z: 10,
  uint16z: 11,
  uint32z: 12,
  byte: 13,
  sint64: 14,
  uint64: 15,
  uint64z: 16,
} as const;

const SIZES = [1, 1, 1, 2, 2, 4, 4, 1, 4, 8, 1, 2, 4, 1, 8, 8, 8];
const SIGNED: ReadonlySet<number> = new Set([BASE_TYPE.sint8, BASE_TYPE.sint16, BASE_TYPE.sint32, BASE_TYPE.sint64]);
const FLOATS: ReadonlySet<number> = new Set([BASE_TYPE.float32, BASE_TYPE.float64]);

/** The type number of a definition's base-type byte, or null when there is no such type. */
export function baseTypeOf(byte: number): number | null {
  const type = byte & 0x1f;
  return type < SIZES.length ? type : null;
}

/** Bytes of one value. */
export function baseTypeSize(type: number): number {
  return SIZES[type]!;
}

/** What the numbers of a type can express: a field is read only from a type that can express its values. */
export function numberClass(type: number): 'signed' | 'unsigned' | 'float' | null {
  if (type === BASE_TYPE.string) return null;
  if (FLOATS.has(type)) return 'float';
  return SIGNED.has(type) ? 'signed' : 'unsigned';
}

/** One value as a number, NaN where the bytes say "no value". The caller has checked the bounds. */
export function readNumber(view: DataView, at: number, type: number, littleEndian: boolean): number {
  switch (type) {
    case BASE_TYPE.enum:
    case BASE_TYPE.uint8:
    case BASE_TYPE.byte:
      return unless(view.getUint8(at), 0xff);
    case BASE_TYPE.sint8:
      return unless(view.getInt8(at), 0x7f);
    case BASE_TYPE.uint8z:
      return unless(view.getUint8(at), 0);
    case BASE_TYPE.sint16:
      return unless(view.getInt16(at, littleEndian), 0x7fff);
    case BASE_TYPE.uint16:
      return unless(view.getUint16(at, littleEndian), 0xffff);
    case BASE_TYPE.uint16z:
      return unless(view.getUint16(at, littleEndian), 0);
    case BASE_TYPE.sint32:
      return unless(view.getInt32(at, littleEndian), 0x7fff_ffff);
    case BASE_TYPE.uint32:
      return unless(view.getUint32(at, littleEndian), 0xffff_ffff);
    case BASE_TYPE.uint32z:
      return unless(view.getUint32(at, littleEndian), 0);
    case BASE_TYPE.float32:
      return finite(view.getFloat32(at, littleEndian));
    case BASE_TYPE.float64:
      return finite(view.getFloat64(at, littleEndian));
    case BASE_TYPE.sint64:
      return unlessBig(view.getBigInt64(at, littleEndian), 0x7fff_ffff_ffff_ffffn);
    case BASE_TYPE.uint64:
      return unlessBig(view.getBigUint64(at, littleEndian), 0xffff_ffff_ffff_ffffn);
    case BASE_TYPE.uint64z:
      return unlessBig(view.getBigUint64(at, littleEndian), 0n);
    default:
      return Number.NaN;
  }
}

/** Text up to the first zero byte or the end of the field: some writers leave the zero out. Null when empty. */
export function readText(bytes: Uint8Array, at: number, size: number): string | null {
  const field = bytes.subarray(at, at + size);
  const zero = field.indexOf(0);
  const text = new TextDecoder().decode(zero < 0 ? field : field.subarray(0, zero));
  return text === '' ? null : text;
}

function unless(value: number, invalid: number): number {
  return value === invalid ? Number.NaN : value;
}

function unlessBig(value: bigint, invalid: bigint): number {
  return value === invalid ? Number.NaN : Number(value);
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}
