/** What comes of decoding a file: each answer is an ordinary one, and the caller must choose. */
import type { DecodedActivityFile } from './decoded.ts';

/** Why a sound file holds no activity. */
export type NoActivityCode =
  /** A course: it has records, but they are a route to follow. */
  | 'course_file'
  /** A track whose points have no times: where, but not when. */
  | 'track_without_times'
  /** A planned route and no track. */
  | 'route_only'
  /** Places and no track. */
  | 'waypoints_only'
  /** A planned workout. */
  | 'workout_file'
  /** Settings, weights, daily monitoring … */
  | 'other_file_type'
  /** An activity file in which nothing was recorded. */
  | 'nothing_recorded';

/** Why a file could not be read. */
export type UnreadableCode =
  | 'empty_file'
  /** More bytes than a reader takes (64 MiB of FIT, 256 MiB of TCX or GPX). */
  | 'file_too_large'
  /** An archive of files. */
  | 'unsupported_format'
  | 'not_an_activity_file'
  /** The right format, but damaged before the first thing worth keeping. */
  | 'damaged_file'
  /** The reader refused the file as a whole; another one may read it. */
  | 'reader_refused';

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
