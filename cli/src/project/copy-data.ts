/** The data of a folder, moved into a database of another kind. */
import { type BackupProgress, HubError, type StoreCopied } from '@coach-hub/core';
import type { World } from '../world.ts';
import { type ProjectFlags, readProject } from './read-project.ts';
import { shownUrl } from './shown-url.ts';
import { storePluginOf } from './store-plugin.ts';

export interface CopyReport extends StoreCopied {
  from: string;
  /** Without user and password. */
  to: string;
}

export async function copyData(
  world: World,
  flags: ProjectFlags,
  onProgress: (progress: BackupProgress) => void,
): Promise<CopyReport> {
  const project = await readProject(world, flags);
  const { data, config, databaseUrl } = project;
  if (config.db === null) throw nowhere();
  const { clock, random, log } = world.ports('warn');
  const plugin = await storePluginOf(project, log);
  if (!plugin.copy) throw notSupported(plugin.id);
  const copied = await plugin.copy({
    from: data,
    to: databaseUrl,
    now: () => clock.now(),
    random: () => random.next(),
    log,
    signal: world.stopSignal(),
    onProgress,
  });
  return { from: data, to: shownUrl(databaseUrl), ...copied };
}

function nowhere(): HubError {
  return new HubError('config_invalid', {
    what: 'Nothing was copied.',
    why: 'It was not said into which database.',
    fix: 'Name an empty one with --db, or with COACH_DB where the address holds a password; the folder with --data.',
  });
}

function notSupported(id: string): HubError {
  return new HubError('not_supported', {
    what: `The store "${id}" copies nothing into another database.`,
    why: 'Its plugin does not offer it.',
    fix: 'Use the tools of the database.',
  });
}
