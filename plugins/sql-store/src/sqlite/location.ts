import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HubError } from '@coach-hub/core';

/** Where everything of one hub lies. */
export interface Location {
  folder: string;
  /** The database; SQLite keeps its -wal and -shm beside it. */
  database: string;
  /** Locked by every process that has the folder open. */
  lock: string;
  blobs: string;
}

const PREFIX = 'sqlite:';
/** `postgres://…` and its like belong to another plugin. A drive letter (`C:\`) is no scheme. */
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Whether the URL names a data folder: a path, or `sqlite:PATH`. */
export function isFolderUrl(url: string): boolean {
  return url.startsWith(PREFIX) || (url !== '' && !OTHER_SCHEME.test(url));
}

/** @throws HubError `config_invalid` when there is a file in the place of the folder. */
export function locationOf(url: string): Location {
  const path = url.startsWith(PREFIX) ? url.slice(PREFIX.length) : url;
  const folder = resolve(path);
  if (path === '' || statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) throw noFolder(url);
  return { folder, database: join(folder, 'coach.db'), lock: join(folder, 'coach.lock'), blobs: join(folder, 'blobs') };
}

function noFolder(url: string): HubError {
  return new HubError('config_invalid', {
    what: `The data folder "${url}" cannot be used.`,
    why: 'It names no folder. The hub keeps a database and the athletes’ files in one.',
    fix: 'Name a folder; it is made when it is missing.',
  });
}
