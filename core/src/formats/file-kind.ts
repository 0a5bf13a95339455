/** What a file is, by its first bytes; its name counts only where they say nothing. */
import { isFitAt } from './fit/parts.ts';

export type FileKind = 'fit' | 'tcx' | 'gpx' | 'gzip' | 'zip' | 'other';

/** Declarations, comments and namespaces come before the root element, but not kilobytes of them. */
const HEAD_BYTES = 4_096;

export function fileKindOf(bytes: Uint8Array): FileKind {
  if (isFitAt(bytes, 0)) return 'fit';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04) return 'zip';
  const head = headText(bytes);
  if (/<(\w+:)?TrainingCenterDatabase[\s>]/.test(head)) return 'tcx';
  if (/<(\w+:)?gpx[\s>]/i.test(head)) return 'gpx';
  return 'other';
}

function headText(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes.subarray(0, HEAD_BYTES));
}
