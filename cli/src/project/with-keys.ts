/** A project whose data can be opened: there are keys to seal with, and they are the right ones. */
import { HubError } from '@coach-hub/core';
import type { World } from '../world.ts';
import { holdsDatabase } from './data-place.ts';
import { makeKeyFile } from './key-file.ts';
import { type Project, type ProjectFlags, readProject } from './read-project.ts';

export interface KeyedProject {
  project: Project;
  /** Whether nothing was ever stored there: no schema that an older server might be using. */
  isFresh: boolean;
}

/**
 * A fresh data folder gets a key file of its own. One that holds data and lacks its keys is refused: new keys would hide
 * that the old ones are gone, and what they sealed with them.
 *
 * @param create whether a folder that nobody prepared is made; else it is taken for a typing error.
 * @throws HubError `not_found`, `key_missing`, and `config_invalid` as `readProject`.
 */
export async function withKeys(
  world: Pick<World, 'cwd' | 'env' | 'random'>,
  flags: ProjectFlags,
  { create }: { create: boolean },
): Promise<KeyedProject> {
  const project = await readProject(world, flags);
  const { data, keyPath, hasKeyFile, secrets } = project;
  if (data.folder === null || keyPath === null) return { project, isFresh: false };
  const isFresh = !(await holdsDatabase(data.folder));
  if (isFresh && !create && !hasKeyFile) throw noData(data.folder);
  if (secrets.vaultKeys.length > 0) return { project, isFresh };
  if (!isFresh) throw keysLost(keyPath);
  await makeKeyFile(keyPath, world.random, []);
  return { project: await readProject(world, flags), isFresh };
}

function noData(folder: string): HubError {
  return new HubError('not_found', {
    what: `There is no hub's data in ${folder}.`,
    why: 'Nothing was ever stored there.',
    fix: 'Name the folder with --data; "coach serve" and "coach import" make one.',
  });
}

function keysLost(path: string): HubError {
  return new HubError('key_missing', {
    what: 'The data folder has no key file.',
    why: `There is data, but ${path} is not there, and COACH_KEYS holds no key either.`,
    fix: 'Put the key file back from a backup. If it is lost, "coach init" makes a new one, and athletes connect their accounts again.',
  });
}
