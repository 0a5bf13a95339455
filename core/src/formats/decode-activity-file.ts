/** Any file an athlete or a provider hands us, as an activity or as an answer why not. */
import type { FitReaderName } from '../provider/envelope.ts';
import {
  type ActivityFileResult,
  type NoActivityFile,
  type UnreadableFile,
  unreadable,
} from './activity-file-result.ts';
import type { DecodedActivityFile } from './decoded.ts';
import { fileKindOf } from './file-kind.ts';
import { activityFromFit } from './fit/activity-from-fit.ts';
import { decodeFit, fitTooLarge } from './fit/decode-fit.ts';
import { readFitByLibrary } from './fit/fallback-reader.ts';
import { FIT_LIMITS } from './fit/fit-limits.ts';
import { decodeGpx } from './gpx/decode-gpx.ts';
import { decodeTcx } from './tcx/decode-tcx.ts';
import { XML_LIMITS } from './xml/xml-limits.ts';

export interface DecodeOptions {
  /** Name of the file, if it has one; for messages to the athlete only. */
  fileName?: string;
  /** The reader for FIT files; our own when absent. */
  reader?: FitReaderName;
}

type Decoded = DecodedActivityFile | NoActivityFile | UnreadableFile;

/** Decodes a file. Never throws: whatever the bytes are, there is an answer. */
export function decodeActivityFile(bytes: Uint8Array, options: DecodeOptions = {}): ActivityFileResult {
  const decoded = decode(bytes, options);
  return 'sessions' in decoded ? { status: 'decoded', file: decoded } : decoded;
}

function decode(bytes: Uint8Array, { fileName, reader }: DecodeOptions): Decoded {
  const name = fileName === undefined ? 'The file' : `"${fileName}"`;
  if (bytes.length === 0) return unreadable('empty_file', `${name} is empty.`);
  switch (fileKindOf(bytes)) {
    case 'fit':
      return reader === 'fit-file-parser' ? byLibrary(bytes) : decodeFit(bytes);
    case 'tcx':
      return xmlTooLarge(bytes.length) ?? decodeTcx(bytes);
    case 'gpx':
      return xmlTooLarge(bytes.length) ?? decodeGpx(bytes);
    case 'gzip':
      return unreadable('unsupported_format', `${name} is a gzip file. Unpack it first.`);
    case 'zip':
      return unreadable('unsupported_format', `${name} is a zip archive. Unpack it first.`);
    case 'other':
      return unreadable('not_an_activity_file', `${name} is no activity file.`);
  }
}

function byLibrary(bytes: Uint8Array): Decoded {
  if (bytes.length > FIT_LIMITS.inputBytes) return fitTooLarge(bytes.length);
  return activityFromFit(readFitByLibrary(bytes));
}

function xmlTooLarge(bytes: number): UnreadableFile | null {
  if (bytes <= XML_LIMITS.inputBytes) return null;
  return unreadable('file_too_large', `The file has ${bytes} bytes; at most ${XML_LIMITS.inputBytes} are read.`);
}
