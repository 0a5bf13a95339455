/** Opens the hub of a project for one command, and closes it after. */
import { type Hub, HubError, openHub } from '@coach-hub/core';
import type { LogLevel } from '../log/log-level.ts';
import type { Ports, World } from '../world.ts';
import { holdsDatabase } from './data-place.ts';
import { makeKeyFile } from './key-file.ts';
import { quietAboutPlugins } from './quiet-plugins.ts';
import { type Project, type ProjectFlags, readProject } from './read-project.ts';

export interface OpenOptions {
  /** Whether a data folder that is not there is made. A command that only reads says no: a typing error makes nothing. */
  create: boolean;
  logLevel: LogLevel;
}

export interface OpenedProject {
  project: Project;
  hub: Hub;
  ports: Ports;
}

/** @throws HubError `config_invalid`, `key_missing`, `database_too_new`, `plugin_duplicate`. */
export async function openProject(world: World, flags: ProjectFlags, options: OpenOptions): Promise<OpenedProject> {
  const project = await withKeys(world, flags, options);
  const ports = quietPorts(world, options.logLevel);
  const hub = await openHubOf(project, ports, { migrate: options.create });
  if (!options.create) await refusePending(hub);
  return { project, ports, hub };
}

/** Opens, works, closes, whatever happens in between. */
export async function withHub<T>(
  world: World,
  flags: ProjectFlags,
  options: OpenOptions,
  work: (opened: OpenedProject) => Promise<T>,
): Promise<T> {
  const opened = await openProject(world, flags, options);
  try {
    return await work(opened);
  } finally {
    await opened.hub.close();
  }
}

export function openHubOf(project: Project, ports: Ports, options: { migrate: boolean }): Promise<Hub> {
  const { dir, config, secrets, pluginFlags, fallbackDirs } = project;
  return openHub({ config, secrets, projectDir: dir, pluginFlags, fallbackDirs, ...options, ...ports });
}

export function quietPorts(world: World, level: LogLevel): Ports {
  const ports = world.ports(level);
  return { ...ports, log: quietAboutPlugins(ports.log) };
}

/** A command that only looks does not change a schema under a server that is running an older version. */
async function refusePending(hub: Hub): Promise<void> {
  const { ok, checks } = await hub.health.ready();
  if (ok) return;
  await hub.close();
  throw new HubError('conflict', {
    what: 'The database is not ready.',
    why: checks.flatMap((check) => (check.ok ? [] : [check.detail])).join('\n'),
    fix: checks.find((check) => !check.ok)?.fix ?? 'Run "coach doctor" for more.',
  });
}

/** The project with keys to seal with; a fresh data folder gets a key file of its own. */
export async function withKeys(
  world: Pick<World, 'cwd' | 'env' | 'random'>,
  flags: ProjectFlags,
  { create }: Pick<OpenOptions, 'create'>,
): Promise<Project> {
  const project = await readProject(world, flags);
  const { data, keyPath, secrets } = project;
  if (data.folder === null || keyPath === null) return project;
  const isUsed = await holdsDatabase(data.folder);
  if (!isUsed && !create) throw noData(data.folder);
  if (secrets.vaultKeys.length > 0) return project;
  // New keys beside old data would hide that the old ones are gone, and what they sealed with them.
  if (isUsed) throw keysLost(keyPath);
  await makeKeyFile(keyPath, world.random, []);
  return readProject(world, flags);
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
