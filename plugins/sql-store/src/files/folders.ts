/** Folders and what lies in them. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Only the user the hub runs as may read what athletes entrusted to it. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** Every file below the folder, with its whole path; none where there is no folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(missing);
  return (entries ?? []).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Puts on disk which names a folder holds. */
export async function flushFolder(path: string): Promise<void> {
  const handle = await open(path).catch(missing);
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** For `catch`: null for what is not there, anything else is thrown on. */
export function missing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
