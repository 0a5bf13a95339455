import { type Definition, Definitions, definitionEnd } from './definition.ts';
import type { FitPart } from './fit-messages.ts';

/**
 * Whether a damaged file has what the protocol leaves open, so that two readers may differ and both be right:
 *
 * - a definition that names one field twice: we take the last, the library the last whose type fits the profile;
 * - a compressed time before a message that has a time of its own: we read both, the library takes it for left out.
 */
export function isAmbiguous(bytes: Uint8Array, { dataStart, dataEnd, stop }: FitPart): boolean {
  const definitions = new Definitions(bytes);
  const locals: (Definition | undefined)[] = [];
  const end = stop?.atByte ?? dataEnd;
  for (let at = dataStart; at < end; ) {
    const header = bytes[at]!;
    const isCompressed = header >= 0x80;
    if (!isCompressed && (header & 0x40) !== 0) {
      const next = definitionEnd(bytes, at, end);
      const definition = definitions.at(at, next);
      if (new Set(definition.fields.map(({ number }) => number)).size < definition.fields.length) return true;
      locals[header & 0x0f] = definition;
      at = next;
    } else {
      const definition = locals[isCompressed ? (header >> 5) & 0x03 : header & 0x0f]!;
      if (isCompressed && definition.timestampAt >= 0) return true;
      at += 1 + definition.size;
    }
  }
  return false;
}
