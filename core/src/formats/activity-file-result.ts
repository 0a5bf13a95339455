/** What comes of decoding a file: each answer is an ordinary one, and the caller must choose. */
import type { NoActivityCode, UnreadableCode } from './activity-file-codes.ts';
import type { DecodedActivityFile } from './decoded.ts';

export interface NoActivityFile {
  status: 'no_activity';
  code: NoActivityCode;
  /** What the file says it is for; null when it does not say. */
  fileType: string | null;
  /** One sentence for the athlete. */
  what: string;
  /** Points that it holds all the same: of a course, a route, a track without times. */
  records: number;
  laps: number;
}

export interface UnreadableFile {
  status: 'unreadable';
  code: UnreadableCode;
  /** One sentence for the athlete. */
  what: string;
}

export type ActivityFileResult = { status: 'decoded'; file: DecodedActivityFile } | NoActivityFile | UnreadableFile;

export function unreadable(code: UnreadableCode, what: string): UnreadableFile {
  return { status: 'unreadable', code, what };
}

export function noActivity(
  code: NoActivityCode,
  fileType: string | null,
  what: string,
  counts: { records: number; laps: number } = { records: 0, laps: 0 },
): NoActivityFile {
  return { status: 'no_activity', code, fileType, what, ...counts };
}
