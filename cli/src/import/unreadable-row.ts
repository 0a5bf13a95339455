import { type ErrorCode, emptyImportRow, type ImportRow } from '@coach-hub/core';
import { storyOf } from '../command/failure.ts';

/** What the system says about files, in words. */
const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'There is no such file.',
  EACCES: 'It may not be read by this account.',
  EPERM: 'It may not be read by this account.',
  EISDIR: 'It is a folder. Give the files in it.',
  ERR_FS_FILE_TOO_LARGE: 'It is larger than 2 GiB.',
};

/** The row of a file that gave no bytes to read, or could not be taken in. */
export function unreadableRow(file: string, error: unknown): ImportRow {
  return { ...emptyImportRow(file, 'unreadable'), error: reasonOf(error) };
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
