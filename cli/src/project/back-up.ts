/** A backup of the data, and its way back. */
import { resolve } from 'node:path';
import {
  type BackupManifest,
  type BackupProgress,
  createVault,
  generateKey,
  HubError,
  type KeyUse,
  type Log,
  type OpenedStore,
  type StorePlugin,
  surveySeals,
} from '@coach-hub/core';
import type { World } from '../world.ts';
import { type ProjectFlags, readProject } from './read-project.ts';
import { storePluginOf } from './store-plugin.ts';

export interface BackupReport extends BackupManifest {
  folder: string;
}

export interface RestoreReport {
  /** The backup. */
  folder: string;
  /** Where everything lies now. */
  data: string;
  epoch: string;
  manifest: BackupManifest;
  /** Keys that seal secrets in it. */
  keys: Pick<KeyUse, 'keyId' | 'isKnown' | 'rows' | 'unreadable'>[];
}

export interface CopyOptions {
  folder: string;
  onProgress: (progress: BackupProgress) => void;
}

export async function backUp(
  world: World,
  flags: ProjectFlags,
  { folder, productVersion, onProgress }: CopyOptions & { productVersion: string },
): Promise<BackupReport> {
  const project = await readProject(world, flags);
  const { clock, log } = world.ports('warn');
  const plugin = await supporting(await storePluginOf(project, log));
  const target = resolve(world.cwd, folder);
  const manifest = await plugin.backup({
    url: project.databaseUrl,
    folder: target,
    productVersion,
    now: () => clock.now(),
    log,
    signal: world.stopSignal(),
    onProgress,
  });
  return { folder: target, ...manifest };
}

export async function restore(
  world: World,
  flags: ProjectFlags,
  { folder, withoutKeys, onProgress }: CopyOptions & { withoutKeys: boolean },
): Promise<RestoreReport> {
  const project = await readProject(world, flags);
  const { clock, random, log } = world.ports('warn');
  const plugin = await supporting(await storePluginOf(project, log, project.data));
  const source = resolve(world.cwd, folder);
  let keys: KeyUse[] = [];
  const { manifest, epoch } = await plugin.restore({
    folder: source,
    // A folder, also where the hub's database is elsewhere now.
    url: project.data,
    now: () => clock.now(),
    random: () => random.next(),
    log,
    signal: world.stopSignal(),
    onProgress,
    async inspect({ store }: OpenedStore) {
      // Without a key, one that seals nothing stands in: what is missing is then told like any other missing key.
      const { vaultKeys } = project.secrets;
      const vault = createVault(vaultKeys.length > 0 ? vaultKeys : [generateKey(random)], { random });
      keys = (await surveySeals(store, vault)).filter(({ rows }) => rows > 0);
      if (!withoutKeys) refuseLost(keys, project.keyPath);
      warnUnreadable(keys, log);
    },
  });
  return {
    folder: source,
    data: project.data,
    epoch,
    manifest,
    keys: keys.map(({ keyId, isKnown, rows, unreadable }) => ({ keyId, isKnown, rows, unreadable })),
  };
}

type Copying = StorePlugin & Required<Pick<StorePlugin, 'backup' | 'restore'>>;

async function supporting(plugin: StorePlugin): Promise<Copying> {
  if (plugin.backup && plugin.restore) return plugin as Copying;
  throw new HubError('not_supported', {
    what: `The store "${plugin.id}" makes no backups of its own.`,
    why: 'Its database has tools for that.',
    fix: 'Use them, for example pg_dump; docs/operations/backup.md says what else belongs to a backup.',
  });
}

function refuseLost(keys: readonly KeyUse[], keyPath: string): void {
  const lost = keys.filter(({ isKnown }) => !isKnown);
  if (lost.length === 0) return;
  throw new HubError('key_missing', {
    what: 'Nothing was restored: there are secrets in the backup that would not open.',
    why: lost.map(({ keyId, rows }) => `${rows} are sealed with the key "${keyId}", which is not here.`).join('\n'),
    fix: `Put the hub's key file to ${keyPath}, or set COACH_KEYS. If the keys are lost, --without-keys restores the rest, and athletes connect their accounts again.`,
  });
}

/** They did not open before the backup either. */
function warnUnreadable(keys: readonly KeyUse[], log: Log): void {
  const rows = keys.reduce((sum, { unreadable }) => sum + unreadable, 0);
  if (rows > 0) log.warn('secrets do not open, although their key is here', { rows });
}
