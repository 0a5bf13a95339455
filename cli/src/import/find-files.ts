/** The files behind the paths of a command line: folders are walked, in the order of names. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isHiddenName } from '@coach-hub/core/archive';

/** One path as it was given, and what lies behind it. */
export interface FoundFiles {
  given: string;
  files: FoundFile[];
}

export interface FoundFile {
  path: string;
  /** Named on the command line, so it gets an answer even when it is no recording. */
  isGiven: boolean;
  /** Why there is nothing to read. */
  error: unknown;
}

/** Once `stop` is aborted no further folder is looked into. */
export async function findFiles(given: string, stop: AbortSignal): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  const place = await kindOf(given);
  if (place === 'folder') await walkFolder(given, files, stop);
  else files.push({ path: given, isGiven: true, error: place === 'file' ? null : place });
  return { given, files };
}

/** Hidden files are the system's, and links to folders lead in circles or out of what was given: neither is read. */
async function walkFolder(folder: string, files: FoundFile[], stop: AbortSignal): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => ({ error }));
  if ('error' in entries) {
    files.push({ path: folder, isGiven: false, error: entries.error });
    return;
  }
  for (const entry of entries.sort(byName)) {
    if (stop.aborted) return;
    if (isHiddenName(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walkFolder(path, files, stop);
    else if (entry.isFile()) files.push({ path, isGiven: false, error: null });
    else if (entry.isSymbolicLink()) {
      const place = await kindOf(path);
      if (place !== 'folder') files.push({ path, isGiven: false, error: place === 'file' ? null : place });
    }
  }
}

/** A pipe or a device is not opened: it may never end. */
async function kindOf(path: string): Promise<'file' | 'folder' | Error> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : Object.assign(new Error('not a regular file'), { code: 'ENOTREG' });
  } catch (error) {
    return error as Error;
  }
}

/** The same on every machine, whatever its language. */
function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
