import { type ErrorCode, emptyImportRow, type ImportRow } from '@coach-hub/core';
import type { ArchiveItem, ArchiveRefusalCode } from '@coach-hub/core/archive';
import type { NoActivityCode } from '@coach-hub/core/formats';
import { storyOf } from '../command/failure.ts';

/** What the system says about files, in words. */
const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'There is no such file.',
  EACCES: 'It may not be read by this account.',
  EPERM: 'It may not be read by this account.',
  ENOTREG: 'It is a pipe or a device. Give a file.',
  ELOOP: 'It is a link that leads back to itself.',
};

/** What to do about an archive, or a file in one. */
const ARCHIVE_FIXES: { readonly [code in ArchiveRefusalCode]: string } = {
  archive_too_large: 'Unpack it and give the folder.',
  archive_too_many_files: 'Unpack it and give the folder.',
  archive_too_deep: 'Unpack it and give the folder.',
  archive_ratio: 'Leave it out; unpack it by hand if you trust who made it.',
  archive_overlap: 'Leave it out, or pack the files again.',
  archive_encrypted: 'Unpack it with its password and give the folder.',
  archive_method: 'Pack it again as an ordinary zip.',
  archive_damaged: 'Fetch or export it again.',
};

/** The row of a file that gave no bytes to read, or could not be taken in. */
export function unreadableRow(file: string, error: unknown): ImportRow {
  return { ...emptyImportRow(file, 'unreadable'), error: reasonOf(error) };
}

/** The row of an archive, or of a file in one, that was not unpacked. */
export function refusedRow({ path, code, what }: Extract<ArchiveItem, { type: 'refused' }>): ImportRow {
  return { ...emptyImportRow(path, 'unreadable'), error: { code, what, fix: ARCHIVE_FIXES[code] } };
}

/** The row of a file too large to be read. */
export function tooLargeRow(file: string, maxBytes: number): ImportRow {
  const what = `It is larger than the ${maxBytes} bytes a reader takes.`;
  const error = { code: 'payload_too_large' satisfies ErrorCode, what, fix: 'Export it again in parts.' };
  return { ...emptyImportRow(file, 'unreadable'), error };
}

/** The row of a folder or an archive without a recording. */
export function nothingFoundRow(file: string): ImportRow {
  const error = {
    code: 'nothing_found' satisfies NoActivityCode,
    what: 'There is no activity file in it.',
    fix: 'Check the path.',
  };
  return { ...emptyImportRow(file, 'no_activity'), error };
}

function reasonOf(error: unknown): NonNullable<ImportRow['error']> {
  const story = storyOf(error);
  if (story !== null) return { code: story.code, what: `${story.what} ${story.why}`, fix: story.fix };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return {
    code: 'file_unreadable' satisfies ErrorCode,
    what: REASONS[code] ?? `It cannot be opened (${code || 'unknown reason'}).`,
    fix: 'Check the path and the rights of the file.',
  };
}
