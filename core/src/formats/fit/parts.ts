/**
 * Where the FIT files of one download begin and end.
 *
 * Triathlons and heart-rate straps send several files back to back: the next begins at header size + data size + 2
 * (the CRC). A recording that lost its power has no data size yet, a broken transfer has less data than it says.
 */
import { fitCrc } from './crc.ts';
import { FIT_LIMITS } from './fit-limits.ts';
import type { FitPart } from './fit-messages.ts';

const SHORTEST_HEADER = 12;
const CRC_BYTES = 2;

/** Whether a FIT file begins at this byte. */
export function isFitAt(bytes: Uint8Array, at: number): boolean {
  return (
    bytes.length - at >= SHORTEST_HEADER &&
    bytes[at]! >= SHORTEST_HEADER &&
    at + bytes[at]! <= bytes.length &&
    bytes[at + 8] === 0x2e && // .FIT
    bytes[at + 9] === 0x46 &&
    bytes[at + 10] === 0x49 &&
    bytes[at + 11] === 0x54
  );
}

/** The parts of a download, each with its CRC checked. None when it is no FIT file. */
export function splitParts(bytes: Uint8Array): { parts: FitPart[]; trailingBytes: number } {
  const parts: FitPart[] = [];
  let at = 0;
  while (parts.length < FIT_LIMITS.parts && isFitAt(bytes, at)) {
    const part = partAt(bytes, at);
    parts.push(part);
    at = Math.min(bytes.length, part.dataEnd + CRC_BYTES);
  }
  return { parts, trailingBytes: bytes.length - at };
}

function partAt(bytes: Uint8Array, start: number): FitPart {
  const headerSize = bytes[start]!;
  const dataStart = start + headerSize;
  const declaredBytes = new DataView(bytes.buffer, bytes.byteOffset + start, headerSize).getUint32(4, true);
  const available = bytes.length - dataStart;
  const unfinished = declaredBytes === 0 && available > CRC_BYTES && !isFitAt(bytes, dataStart + CRC_BYTES);
  const cut = unfinished || declaredBytes > available;
  const dataEnd = cut ? bytes.length : dataStart + declaredBytes;
  const crc = cut || dataEnd + CRC_BYTES > bytes.length ? 'missing' : checkCrc(bytes, start, dataEnd);
  return { start, headerSize, declaredBytes, dataStart, dataEnd, cut, crc, stop: null };
}

function checkCrc(bytes: Uint8Array, start: number, dataEnd: number): 'ok' | 'wrong' {
  const stored = bytes[dataEnd]! | (bytes[dataEnd + 1]! << 8);
  return fitCrc(bytes, start, dataEnd) === stored ? 'ok' : 'wrong';
}
