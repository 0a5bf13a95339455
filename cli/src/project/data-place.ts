/** Where the data of a hub lies, before anything of it is opened. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HubError } from '@coach-hub/core';

export const DEFAULT_DATA = '.coach/data';

/** What was said about the place, by who says it. The first one counts; a file counts from the project's folder. */
export interface DataSettings {
  flag: string | undefined;
  env: string | undefined;
  file: string | undefined;
}

/** `postgres://…` and its like. A drive letter (`C:\\`) is no scheme. */
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]+:/i;
const FOLDER_SCHEME = 'sqlite:';
const KEY_FILE = 'keys.json';

/**
 * The data folder, absolute.
 *
 * @throws HubError `config_invalid` for the address of a database, which is never quoted: it may hold a password.
 */
export function dataFolder({ flag, env, file }: DataSettings, cwd: string, projectDir: string): string {
  const fromShell = flag || env;
  return fromShell ? folderOf(fromShell, cwd) : folderOf(file || DEFAULT_DATA, projectDir);
}

function folderOf(text: string, base: string): string {
  const path = text.startsWith(FOLDER_SCHEME) ? text.slice(FOLDER_SCHEME.length) : text;
  if (!OTHER_SCHEME.test(path)) return resolve(base, path);
  throw new HubError('config_invalid', {
    what: 'The data folder cannot be used.',
    why: '"data" (--data, COACH_DATA) names the address of a database, and no folder.',
    fix: 'Name the database with --db, COACH_DB or "db". The folder still holds the keys.',
  });
}

export function keyFilePath(folder: string): string {
  return join(folder, KEY_FILE);
}

/** Whether a hub has written here. A folder that only holds other things, or is not there, is a fresh place. */
export async function holdsDatabase(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => /\.(?:db|sqlite3?)$/.test(name));
}
