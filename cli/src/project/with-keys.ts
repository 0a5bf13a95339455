/** A project whose data can be opened: there are keys to seal with, and they are the right ones. */
import { HubError } from '@coach-hub/core';
import type { World } from '../world.ts';
import { holdsDatabase } from './data-place.ts';
import { makeKeyFile } from './key-file.ts';
import { withStore } from './open-store.ts';
import { type Project, type ProjectFlags, readProject } from './read-project.ts';
import { shownUrl } from './shown-url.ts';

export interface KeyedProject {
  project: Project;
  /** Whether nothing was ever stored there: no schema that an older server might be using. */
  isFresh: boolean;
}

/**
 * A fresh place gets a key file of its own, in the data folder also where the database is elsewhere. One that holds data and
 * lacks its keys is refused: new keys would hide that the old ones are gone, and what they sealed with them.
 *
 * @param create whether a folder that nobody prepared is made; else it is taken for a typing error.
 * @throws HubError `not_found`, `key_missing`, and `config_invalid` as `readProject`.
 */
export async function withKeys(
  world: Pick<World, 'cwd' | 'env' | 'random' | 'ports'>,
  flags: ProjectFlags,
  { create }: { create: boolean },
): Promise<KeyedProject> {
  const project = await readProject(world, flags);
  const { data, keyPath, hasKeyFile, secrets } = project;
  const isElsewhere = project.config.db !== null;
  const hasKeys = secrets.vaultKeys.length > 0;
  if (isElsewhere && hasKeys) return { project, isFresh: false };
  const isFresh = isElsewhere ? await isUntouched(world, project) : !(await holdsDatabase(data));
  if (isFresh && !create && !hasKeyFile) throw noData(isElsewhere ? shownUrl(project.databaseUrl) : data);
  if (hasKeys) return { project, isFresh };
  if (!isFresh) throw keysLost(keyPath);
  await makeKeyFile(keyPath, world.random, []);
  return { project: await readProject(world, flags), isFresh };
}

/** Whether a database was never migrated: nothing of a hub is in it. */
function isUntouched(world: Pick<World, 'ports'>, project: Project): Promise<boolean> {
  return withStore(world, project, async ({ store }) =>
    (await store.migrationStatus()).every(({ appliedAt }) => appliedAt === null),
  );
}

function noData(place: string): HubError {
  return new HubError('not_found', {
    what: `There is no hub's data in ${place}.`,
    why: 'Nothing was ever stored there.',
    fix: 'Name the folder with --data, or the database with --db; "coach serve" and "coach import" make one.',
  });
}

function keysLost(path: string): HubError {
  return new HubError('key_missing', {
    what: 'The data folder has no key file.',
    why: `There is data, but ${path} is not there, and COACH_KEYS holds no key either.`,
    fix: 'Put the key file back from a backup. If it is lost, "coach init" makes a new one, and athletes connect their accounts again.',
  });
}
