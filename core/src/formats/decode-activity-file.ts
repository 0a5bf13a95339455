/**
 * Any file an athlete or a provider hands us, as an activity or as an answer why not.
 *
 * This version reads FIT. Other activity formats are recognised and answered as `unsupported_format`.
 */
import type { FitReaderName } from '../provider/envelope.ts';
import {
  type ActivityFileResult,
  type NoActivityFile,
  type UnreadableFile,
  unreadable,
} from './activity-file-result.ts';
import type { DecodedActivityFile } from './decoded.ts';
import { type FileKind, fileKindOf } from './file-kind.ts';
import { activityFromFit } from './fit/activity-from-fit.ts';
import { decodeFit, fitTooLarge } from './fit/decode-fit.ts';
import { readFitByLibrary } from './fit/fallback-reader.ts';
import { FIT_LIMITS } from './fit/fit-limits.ts';

export interface DecodeOptions {
  /** Name of the file, if it has one; for messages to the athlete only. */
  fileName?: string;
  /** The reader for FIT files; our own when absent. */
  reader?: FitReaderName;
}

const FORMAT_NAMES: Readonly<Record<Exclude<FileKind, 'fit' | 'other'>, string>> = {
  tcx: 'a TCX file',
  gpx: 'a GPX file',
  gzip: 'a gzip file',
  zip: 'a zip archive',
};

/** Decodes a file. Never throws: whatever the bytes are, there is an answer. */
export function decodeActivityFile(bytes: Uint8Array, options: DecodeOptions = {}): ActivityFileResult {
  return notFit(bytes, options) ?? resultOf(options.reader === 'fit-file-parser' ? byLibrary(bytes) : decodeFit(bytes));
}

function byLibrary(bytes: Uint8Array): ReturnType<typeof decodeFit> {
  if (bytes.length > FIT_LIMITS.inputBytes) return fitTooLarge(bytes.length);
  return activityFromFit(readFitByLibrary(bytes));
}

function resultOf(decoded: DecodedActivityFile | NoActivityFile | UnreadableFile): ActivityFileResult {
  return 'sessions' in decoded ? { status: 'decoded', file: decoded } : decoded;
}

function notFit(bytes: Uint8Array, { fileName }: DecodeOptions): UnreadableFile | null {
  const name = fileName === undefined ? 'The file' : `"${fileName}"`;
  if (bytes.length === 0) return unreadable('empty_file', `${name} is empty.`);
  const kind = fileKindOf(bytes);
  if (kind === 'fit') return null;
  if (kind === 'other') return unreadable('not_an_activity_file', `${name} is no activity file.`);
  return unreadable('unsupported_format', `${name} is ${FORMAT_NAMES[kind]}. Only FIT files can be read.`);
}
