/** Archives: anything an athlete exports in, one recording after the other out (`@coach-hub/core/archive`). */

/** Why something was not unpacked. */
export type { ArchiveRefusalCode } from '../activity-file-codes.ts';
/** What a file is, by its first bytes. */
export { type FileKind, fileKindOf } from '../file-kind.ts';
/** What comes out, and what it may cost. */
export type { ArchiveItem, ArchiveOptions } from './archive-item.ts';
/** Zip or gzip, by the first bytes. */
export { type ArchiveKind, archiveKindOf } from './archive-kind.ts';
/** The limits where nobody states others. */
export { ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.ts';
/** Where an archive is read from. */
export { type ByteSource, fileSource, memorySource } from './byte-source.ts';
/** Names as labels, and what they promise. */
export { isHiddenName, isNamedLikeActivity, isNamedLikeArchive, memberLabel, recordingName } from './member-name.ts';
/** Walks an archive. */
export { walkArchive } from './walk-archive.ts';
