/** Where the data of a hub lies, before anything of it is opened. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const DEFAULT_DATA = '.coach/data';

export interface DataPlace {
  /** As the hub's configuration takes it: an absolute folder, or the URL of a database. */
  url: string;
  /** Null where the data has an address and no folder: its keys come from the environment. */
  folder: string | null;
}

/** What was said about the place, by who says it. The first one counts; a file counts from the project's folder. */
export interface DataSettings {
  flag: string | undefined;
  env: string | undefined;
  file: string | undefined;
}

/** `postgres://…` and its like. A drive letter (`C:\`) is no scheme. */
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]+:/i;
const FOLDER_SCHEME = 'sqlite:';
const KEY_FILE = 'keys.json';

export function dataPlace({ flag, env, file }: DataSettings, cwd: string, projectDir: string): DataPlace {
  const fromShell = flag || env;
  if (fromShell) return placeOf(fromShell, cwd);
  return placeOf(file || DEFAULT_DATA, projectDir);
}

function placeOf(text: string, base: string): DataPlace {
  const path = text.startsWith(FOLDER_SCHEME) ? text.slice(FOLDER_SCHEME.length) : text;
  if (OTHER_SCHEME.test(path)) return { url: text, folder: null };
  const folder = resolve(base, path);
  return { url: folder, folder };
}

export function keyFilePath(folder: string): string {
  return join(folder, KEY_FILE);
}

/** Whether a hub has written here. A folder that only holds other things, or is not there, is a fresh place. */
export async function holdsDatabase(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => /\.(?:db|sqlite3?)$/.test(name));
}
