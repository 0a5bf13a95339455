/**
 * Notes on TCX and GPX files. The codes, with who writes them:
 *
 * - lost or in doubt, the file is partial (here): `file_cut`, `reading_stopped`, `limit_reached`; and
 *   `records_set_aside` (track-session.ts).
 * - about the markup (here): `text_after_end`, `doctype_ignored`, `stray_ampersands`, `bad_characters`,
 *   `encoding_unknown`.
 * - about a session (track-session.ts, sport-word.ts): `records_reordered`, `start_from_records`,
 *   `distance_from_positions`, `cadence_of_both_feet`, `sport_not_stated`, `sport_unknown`.
 * - about the file (decode-tcx.ts, decode-gpx.ts): `time_zone_assumed`, `activities_without_times`,
 *   `segments_without_times`, `tracks_joined`.
 */
import type { DecodeNote } from '../decoded.ts';
import type { XmlReading } from '../xml/read-xml.ts';
import type { XmlLimit } from '../xml/xml-limits.ts';

/** One note for everything that was lost. A file with any is partial. */
export function damageNotes({ stop, isCut }: XmlReading, limitsReached: Iterable<XmlLimit>): DecodeNote[] {
  const notes: DecodeNote[] = [];
  if (isCut) notes.push({ code: 'file_cut' });
  if (stop !== null) notes.push({ code: 'reading_stopped', params: { reason: stop.reason, line: stop.line } });
  for (const limit of limitsReached) notes.push({ code: 'limit_reached', params: { limit } });
  return notes;
}

/** What was odd about the markup and cost nothing. */
export function markupNotes(reading: XmlReading): DecodeNote[] {
  const { hasTrailingText, hasDoctype, strayAmpersands, badCharacters, unknownEncoding } = reading;
  const notes: DecodeNote[] = [];
  if (hasTrailingText) notes.push({ code: 'text_after_end' });
  if (hasDoctype) notes.push({ code: 'doctype_ignored' });
  if (strayAmpersands > 0) notes.push({ code: 'stray_ampersands', params: { count: strayAmpersands } });
  if (badCharacters > 0) notes.push({ code: 'bad_characters', params: { count: badCharacters } });
  if (unknownEncoding !== null) notes.push({ code: 'encoding_unknown', params: { encoding: unknownEncoding } });
  return notes;
}
