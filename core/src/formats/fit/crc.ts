/**
 * The CRC-16 of FIT files (reflected polynomial 0xA001, start value 0).
 *
 * Eight bytes a step by eight tables ("slicing"): the check costs a tenth of decoding instead of half of it.
 */
const SLICES = 8;
const TABLES = buildTables();

/** CRC of the bytes from `start` (included) to `end` (excluded). */
export function fitCrc(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  let at = start;
  for (; at + SLICES <= end; at += SLICES) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8);
    crc =
      TABLES[1_792 + (crc & 0xff)]! ^
      TABLES[1_536 + (crc >>> 8)]! ^
      TABLES[1_280 + bytes[at + 2]!]! ^
      TABLES[1_024 + bytes[at + 3]!]! ^
      TABLES[768 + bytes[at + 4]!]! ^
      TABLES[512 + bytes[at + 5]!]! ^
      TABLES[256 + bytes[at + 6]!]! ^
      TABLES[bytes[at + 7]!]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[at]!) & 0xff]!;
  return crc;
}

/** Table `k` (at 256 k) holds the CRC of a byte followed by `k` zero bytes. */
function buildTables(): Uint16Array {
  const tables = new Uint16Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!;
    tables[at] = (before >>> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}
