/** Activity files: any file in, an activity or an ordinary answer out. Loaded on its own (`@coach-hub/core/formats`). */

/** Simplified tracks as encoded polylines. */
export { decodePolyline } from '../series/polyline.ts';
/** Series of an activity, packed and read back. */
export { decodeSeries, encodeSeries } from '../series/series-codec.ts';
/** Zones and local dates. */
export { localDay, timeZoneAt, utcOffsetSAt } from '../series/time-zone.ts';
export { simplifyTrack } from '../series/track.ts';
/** From a decoded file to claims, whichever provider brought it. */
export { activityClaims } from './activity-claims.ts';
/** Codes of files without an activity, of files nobody can read, and of notes. */
export type { NoActivityCode, NoteCode, UnreadableCode } from './activity-file-codes.ts';
/** Why a file gave no activity, or the activity. */
export type { ActivityFileResult, NoActivityFile, UnreadableFile } from './activity-file-result.ts';
/** Ascent and descent from a stream of altitudes. */
export { climb } from './climb.ts';
/** Decodes one file: with our own reader, or with the one an operator names. */
export { type DecodeOptions, decodeActivityFile } from './decode-activity-file.ts';
/** What every activity file becomes. */
export {
  CHANNELS,
  type Channel,
  type DecodedActivityFile,
  type DecodedLap,
  type DecodedSession,
  type DecodeNote,
  type FileId,
  type SeriesColumns,
} from './decoded.ts';
/** A FIT file as an activity, by our own reader. */
export { decodeFit } from './fit/decode-fit.ts';
/** The limits of what is kept of one FIT file. */
export { FIT_LIMITS } from './fit/fit-limits.ts';
/** A FIT file message by message, before anybody asks what it means. */
export type {
  DeveloperColumn,
  FieldDescription,
  FitMessages,
  FitPart,
  FitRecords,
  RecordField,
} from './fit/fit-messages.ts';
/** Unix time of a FIT time. */
export { fitToUnixMs } from './fit/fit-time.ts';
/** Our own FIT reader. Never throws. */
export { readFit } from './fit/read-fit.ts';
/** Moving time by the one rule for every device. */
export { movingSeconds } from './moving-time.ts';
/** A session that states nothing, to fill in what is known. */
export { NOTHING_STATED } from './nothing-stated.ts';
