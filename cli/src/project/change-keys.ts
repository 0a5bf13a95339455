/** Keys of the key file, added and dropped. Keys in COACH_KEYS are the operator's own to change. */
import { generateKey, type Hub, HubError } from '@coach-hub/core';
import type { World } from '../world.ts';
import { type KeyFile, readKeyFile, replaceKeyFile } from './key-file.ts';
import { type ProjectFlags, readProject } from './read-project.ts';

export interface NewKey {
  id: string;
  /** Null when it was saved: then nobody needs to see it. */
  key: string | null;
  /** The key file it was saved in. */
  savedIn: string | null;
}

export function newKey(world: World): NewKey {
  const key = generateKey(world.random);
  return { id: idOf(key), key, savedIn: null };
}

/** @throws HubError `conflict` where no key file counts. */
export async function saveNewKey(world: World, flags: ProjectFlags): Promise<NewKey> {
  const { path, file } = await keyFileOf(world, flags);
  const key = generateKey(world.random);
  await replaceKeyFile(path, { ...file, keys: [key, ...file.keys] }, world.random);
  return { id: idOf(key), key: null, savedIn: path };
}

export interface DroppedKey {
  id: string;
  droppedFrom: string;
}

/** @throws HubError `conflict` while it seals something, or new secrets are sealed with it. */
export async function dropKey(world: World, flags: ProjectFlags, hub: Hub, id: string): Promise<DroppedKey> {
  const { path, file } = await keyFileOf(world, flags);
  if (!file.keys.some((key) => idOf(key) === id)) {
    throw new HubError('not_found', {
      what: `There is no key "${id}" in ${path}.`,
      why: `It holds ${file.keys.map(idOf).join(', ')}.`,
      fix: '"coach keys list" shows them with what they seal.',
    });
  }
  const use = (await hub.keys.list()).find(({ keyId }) => keyId === id);
  const opens = (use?.rows ?? 0) - (use?.unreadable ?? 0);
  if (use?.place === 0 || opens > 0) throw stillNeeded(id, opens, use?.place === 0);
  await replaceKeyFile(path, { ...file, keys: file.keys.filter((key) => idOf(key) !== id) }, world.random);
  return { id, droppedFrom: path };
}

async function keyFileOf(world: World, flags: ProjectFlags): Promise<{ path: string; file: KeyFile }> {
  const { keyPath, hasKeyFile } = await readProject(world, flags);
  if (hasKeyFile && !world.env.COACH_KEYS) {
    return { path: keyPath, file: (await readKeyFile(keyPath)) as KeyFile };
  }
  throw new HubError('conflict', {
    what: 'No key file was changed.',
    why: world.env.COACH_KEYS ? 'The keys come from COACH_KEYS.' : 'This data has no key file.',
    fix: 'Change COACH_KEYS where you set it: the new key first, separated by a comma. "coach keys new" prints one.',
  });
}

function stillNeeded(id: string, opens: number, isNewest: boolean): HubError {
  return new HubError('conflict', {
    what: `The key "${id}" was not dropped.`,
    why: isNewest ? 'New secrets are sealed with it.' : `${opens} secrets are sealed with it.`,
    fix: isNewest ? 'Make another one first: "coach keys new --save".' : 'Run "coach keys rotate" first.',
  });
}

function idOf(key: string): string {
  return key.split(':')[0] ?? '';
}
