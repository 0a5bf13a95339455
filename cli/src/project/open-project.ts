/** Opens the hub of a project for one command, and closes it after. */
import { type Hub, HubError, type OpenHubOptions, openHub } from '@coach-hub/core';
import type { LogLevel } from '../log/log-level.ts';
import { secretsOf } from '../log/secrets-of.ts';
import type { Ports, World } from '../world.ts';
import { quietAboutPlugins } from './quiet-plugins.ts';
import type { Project, ProjectFlags } from './read-project.ts';
import { withKeys } from './with-keys.ts';

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
  const { project, isFresh } = await withKeys(world, flags, options);
  const ports = quietPorts(world, options.logLevel, project);
  const migrate = options.create || isFresh;
  const hub = await openHubOf(project, ports, { migrate });
  if (!migrate) await refusePending(hub);
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

export function openHubOf(
  project: Project,
  ports: Ports,
  options: Pick<OpenHubOptions, 'migrate' | 'meter'>,
): Promise<Hub> {
  const { dir, config, secrets, pluginFlags, fallbackDirs } = project;
  return openHub({ config, secrets, projectDir: dir, pluginFlags, fallbackDirs, ...options, ...ports });
}

export function quietPorts(world: World, level: LogLevel, { secrets }: Pick<Project, 'secrets'>): Ports {
  const ports = world.ports(level, secretsOf(secrets));
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
