/** What lies where in a backup. */
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupManifest, HubError, parseManifest } from '@coach-hub/core';
import { FILE_MODE, FOLDER_MODE, flushFolder, missing } from '../files/folders.ts';

export const MANIFEST = 'manifest.json';
export const DATABASE = 'coach.db';
export const BLOBS = 'blobs';

/** @throws HubError `conflict` when something lies there: a backup is never written over another one. */
export async function claimFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const names = await readdir(folder);
  if (names.length === 0) return;
  const isHalf = !names.includes(MANIFEST) && names.includes(DATABASE);
  throw new HubError('conflict', {
    what: `The backup was not written to ${folder}.`,
    why: isHalf ? 'A backup that was not finished lies there.' : 'The folder is not empty.',
    fix: isHalf ? 'Remove the folder, and run this again.' : 'Name another folder; it is made when it is missing.',
  });
}

/** The last step of a backup: from now on it is one. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const draft = join(folder, `${MANIFEST}.draft`);
  const file = await open(draft, 'wx', FILE_MODE);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await flushFolder(folder);
  await rename(draft, join(folder, MANIFEST));
  await flushFolder(folder);
}

/** @throws HubError `not_found`, `backup_invalid`. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(missing);
  if (text !== null) return parseManifest(text, folder);
  const names = await readdir(folder).catch(missing);
  if (names === null || names.length === 0) {
    throw new HubError('not_found', {
      what: `There is no backup in ${folder}.`,
      why: names === null ? 'There is no such folder.' : 'The folder is empty.',
      fix: 'Name the folder that "coach db backup" wrote.',
    });
  }
  throw new HubError('backup_invalid', {
    what: `What lies in ${folder} is no finished backup.`,
    why: `It has no ${MANIFEST}, which is written last: the backup was interrupted, or this is another folder.`,
    fix: 'Restore an older backup, or take a new one.',
  });
}
