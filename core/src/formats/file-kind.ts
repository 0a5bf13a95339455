/** What a file is, by its first bytes; its name counts only where they say nothing. */
import { isFitAt } from './fit/parts.ts';
import { xmlEncodingOf } from './xml/xml-encoding.ts';

export type FileKind = 'fit' | 'tcx' | 'gpx' | 'gzip' | 'zip' | 'other';

/** Declarations, comments and namespaces come before the root element, but not kilobytes of them. */
const HEAD_BYTES = 4_096;

export function fileKindOf(bytes: Uint8Array): FileKind {
  if (isFitAt(bytes, 0)) return 'fit';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04) return 'zip';
  const head = xmlEncodingOf(bytes).decoder.decode(bytes.subarray(0, HEAD_BYTES), { stream: true });
  if (/<(?:[\w.-]+:)?TrainingCenterDatabase[\s>/]/.test(head)) return 'tcx';
  return /<(?:[\w.-]+:)?gpx[\s>/]/i.test(head) ? 'gpx' : 'other';
}
