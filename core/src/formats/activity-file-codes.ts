/**
 * Every code that an activity file can be answered with, and what it means. The rows of `coach import` carry them.
 *
 * `docs/errors.md` lists them (`node scripts/error-docs.mjs`); a test fails when it is stale.
 */

/** Why a sound file, folder or archive holds no activity. */
export const NO_ACTIVITY = {
  course_file: 'The file is a course: it has records, but they are a route to follow.',
  track_without_times: 'The points of the track have no times: it says where, but not when.',
  route_only: 'The file holds a planned route and no track.',
  waypoints_only: 'The file holds places and no track.',
  workout_file: 'The file is a planned workout.',
  other_file_type: 'The file holds settings, weights, daily monitoring or the like.',
  nothing_recorded: 'The file is an activity in which nothing was recorded.',
  nothing_found: 'No activity file is in the folder or archive that was given.',
} as const;

/** Why a file could not be read. One that cannot even be opened is `file_unreadable`, of the error catalogue. */
export const UNREADABLE = {
  empty_file: 'The file has no bytes.',
  file_too_large: 'The file has more bytes than a reader takes (64 MiB of FIT, 256 MiB of TCX or GPX).',
  unsupported_format: 'The file is an archive of files, or of an activity format that is not read.',
  not_an_activity_file: 'The file is of no activity format.',
  damaged_file: 'The file has the right format, but is damaged before the first thing worth keeping.',
  reader_refused: 'The reader refused the file as a whole; another one (`decode.fitReader`) may read it.',
} as const;

/** Why an archive, or a file in one, was not unpacked. What stands beside it is imported all the same. */
export const ARCHIVE_REFUSED = {
  archive_too_large: 'It would be more bytes than an archive may hold (`archive.totalMb`), or than a reader takes.',
  archive_too_many_files: 'The archive has more files than it may (`archive.files`).',
  archive_too_deep: 'It is an archive in too many archives (`archive.depth`).',
  archive_ratio: 'It unpacks to far more than a recording could (`archive.ratio`).',
  archive_overlap: 'Files of the archive share their bytes: small to keep, endless to unpack.',
  archive_encrypted: 'It is encrypted.',
  archive_method: 'It is packed by a method other than deflate.',
  archive_damaged: 'It is damaged and cannot be unpacked.',
} as const;

/** Notes on what was lost or is in doubt. A session with any of them is `partial`. */
export const DAMAGE = {
  file_cut: 'The file ends before the length it states.',
  crc_wrong: 'The checksum is wrong, so something in the file was changed.',
  crc_missing: 'The checksum is missing, so nothing proves that the file is whole.',
  reading_stopped: 'From some byte on the file cannot be read; what comes before it was kept.',
  trailing_bytes: 'Bytes follow the end of the file; they were not read.',
  limit_reached: 'The file holds more of something than is kept.',
  records_set_aside: 'Some records were left out, because their time cannot be.',
} as const;

/** Other notes: what was put right, left out or guessed. */
export const REMARKS = {
  cadence_of_both_feet: 'The cadence was found to count both feet, and was taken as that.',
  distance_from_positions: 'The file states no distance; it was measured along the positions.',
  tracks_joined: 'Several tracks of one outing were read as one activity.',
  segments_without_times: 'Track segments whose points have no times were left out.',
  activities_without_times: 'Activities whose points have no times were left out.',
  time_zone_assumed: 'Times without a zone were taken as UTC.',
  text_after_end: 'Text follows the end of the document; it was not read.',
  doctype_ignored: 'The document declares a type of its own; it was ignored.',
  stray_ampersands: 'Ampersands that begin no entity were taken as text.',
  bad_characters: 'Characters that XML does not allow were left out.',
  encoding_unknown: 'The document names an encoding that is not known; it was read as UTF-8.',
  chained_files: 'Several files are chained into one; all of them were read.',
  file_id_missing: 'The file does not say which device wrote it.',
  utc_offset_implausible: 'The device’s local time is more than 15 hours off, so it was not used.',
  no_session_message: 'The file sums up no session; the figures come from its records.',
  device_clock_not_set: 'The clock of the device was not set when the session began.',
  start_unknown: 'The session has no start that can be.',
  start_from_records: 'The session states no start; it is that of its first record.',
  records_reordered: 'The records were not in the order of their time; they were sorted.',
  power_from_developer_field: 'Power comes from a field that an app added to the recording.',
  heart_rate_from_strap_memory: 'Heart rate was filled in from the memory of the chest strap.',
  sport_not_stated: 'The file does not say which sport it was.',
  sport_unknown: 'The sport is one we do not tell apart: `other`.',
  sub_sport_unknown: 'The kind of sport is newer than this version, and was left out.',
  device_clock_in_other_zone: 'The clock of the device was in another time zone than the athlete.',
  time_zone_unknown: 'The time zone given for the athlete is none.',
  value_out_of_range: 'A value cannot be, and was left out.',
  lap_start_unknown: 'Laps without a start that can be were left out.',
  lap_value_out_of_range: 'Values of laps that cannot be were left out.',
} as const;

export type NoActivityCode = keyof typeof NO_ACTIVITY;
export type UnreadableCode = keyof typeof UNREADABLE;
export type ArchiveRefusalCode = keyof typeof ARCHIVE_REFUSED;
export type NoteCode = keyof typeof DAMAGE | keyof typeof REMARKS;
