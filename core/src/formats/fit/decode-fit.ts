/** A FIT file as an activity, read by our own reader. */
import { type NoActivityFile, type UnreadableFile, unreadable } from '../activity-file-result.ts';
import type { DecodedActivityFile } from '../decoded.ts';
import { activityFromFit } from './activity-from-fit.ts';
import { FIT_LIMITS } from './fit-limits.ts';
import { readFit } from './read-fit.ts';

/** Decodes a FIT file. Never throws: a file that is none, or is damaged, is an ordinary answer. */
export function decodeFit(bytes: Uint8Array): DecodedActivityFile | NoActivityFile | UnreadableFile {
  if (bytes.length > FIT_LIMITS.inputBytes) return fitTooLarge(bytes.length);
  return activityFromFit(readFit(bytes));
}

/** The answer to a file that is larger than a reader takes. */
export function fitTooLarge(bytes: number): UnreadableFile {
  return unreadable('file_too_large', `The file has ${bytes} bytes; at most ${FIT_LIMITS.inputBytes} are read.`);
}
