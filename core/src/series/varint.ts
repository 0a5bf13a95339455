/**
 * Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the high bit set on all but the last.
 * Signed ones are folded first (0, −1, 1, −2 … become 0, 1, 2, 3 …), so that small differences of either sign are short.
 */
import { unreadableSeries } from './unreadable-series.ts';

/** Bytes a value may take: 49 bits, which is more than any folded difference of a column needs. */
export const MAX_VARINT_BYTES = 7;

const INT32_MAX = 0x7fff_ffff;
/** Below this a folded value still fits 32 bits, where shifts are exact and fast. */
const FAST_LIMIT = 0x4000_0000;

/** Writes a whole number from 0 to 2^49 − 1. @returns where the next byte goes. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest > INT32_MAX) {
    bytes[end++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest > 0x7f) {
    bytes[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[end++] = rest;
  return end;
}

/** Writes a whole number of either sign, below 2^48 from zero. @returns where the next byte goes. */
export function writeSignedVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < FAST_LIMIT && value >= -FAST_LIMIT) return writeVarint(bytes, at, ((value << 1) ^ (value >> 31)) >>> 0);
  return writeVarint(bytes, at, value < 0 ? -2 * value - 1 : 2 * value);
}

/** Reads what `writeVarint` wrote, one after the other, and never beyond the bytes it was given. */
export class VarintReader {
  private readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @throws HubError `file_unreadable` when the bytes end within the number or it is longer than any we write. */
  read(): number {
    const first = this.bytes[this.at];
    if (first !== undefined && first < 0x80) {
      this.at++;
      return first;
    }
    return this.readLong();
  }

  /** @throws HubError as `read`. */
  readSigned(): number {
    const folded = this.read();
    if (folded <= INT32_MAX) return (folded >>> 1) ^ -(folded & 1);
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }

  private readLong(): number {
    let value = 0;
    let weight = 1;
    for (let length = 0; length < MAX_VARINT_BYTES; length++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw unreadableSeries('It ends in the middle of a number.');
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 128;
    }
    throw unreadableSeries('It holds a number longer than any that is written.');
  }
}
