/** Everything a command knows before it opens anything: project, configuration, secrets, where plugins may come from. */
import { resolve } from 'node:path';
import { databaseUrl, type HubConfig, HubError, type HubSecrets, loadConfig } from '@coach-hub/core';
import type { World } from '../world.ts';
import { dataFolder, keyFilePath } from './data-place.ts';
import { findProject, readIfThere } from './find-project.ts';
import { readKeyFile } from './key-file.ts';
import { ownPackages } from './own-packages.ts';

/** What the command line may say about a project. */
export interface ProjectFlags {
  data?: string | undefined;
  db?: string | undefined;
  plugin?: string[] | undefined;
  port?: number | undefined;
  host?: string | undefined;
  'public-url'?: string | undefined;
}

export interface Project {
  dir: string;
  configPath: string | null;
  /** The data folder, absolute. */
  data: string;
  /** In the data folder. The file itself may not be there yet. */
  keyPath: string;
  hasKeyFile: boolean;
  config: HubConfig;
  /** What a store plugin opens: the folder, or the address of a database. It may hold a password. */
  databaseUrl: string;
  secrets: HubSecrets;
  pluginFlags: string[];
  fallbackDirs: string[];
}

/** @throws HubError `config_invalid` with every problem of file, environment and flags. */
export async function readProject(world: Pick<World, 'cwd' | 'env'>, flags: ProjectFlags = {}): Promise<Project> {
  const { cwd, env } = world;
  const { dir, configPath } = await findProject(cwd);
  const file = configPath === null ? null : await readConfigFile(configPath);
  const data = dataFolder({ flag: flags.data, env: env.COACH_DATA, file: dataOf(file) }, cwd, dir);
  const keyPath = keyFilePath(data);
  const keyFile = await readKeyFile(keyPath);
  const { config, secrets } = loadConfig({
    file,
    env,
    flags: { data, db: flags.db, port: flags.port, host: flags.host, publicUrl: flags['public-url'] },
    keyFile,
  });
  return {
    dir,
    configPath,
    data,
    keyPath,
    hasKeyFile: keyFile !== null,
    config,
    databaseUrl: databaseUrl(config),
    secrets,
    // As a person at a prompt means a path: from where they are.
    pluginFlags: (flags.plugin ?? []).map((path) => resolve(cwd, path)),
    fallbackDirs: ownPackages(),
  };
}

async function readConfigFile(path: string): Promise<unknown> {
  const text = await readIfThere(path);
  try {
    return JSON.parse(text ?? '{}');
  } catch (error) {
    throw new HubError('config_invalid', {
      what: `${path} cannot be read.`,
      why: `It is not JSON${placeIn(error)}.`,
      fix: 'Correct it; docs/configuration.md describes each setting.',
    });
  }
}

/** Where a parser stopped, without what it quotes: settings of plugins may hold a secret in the wrong place. */
function placeIn(error: unknown): string {
  const place =
    error instanceof Error ? /\(?(?:at )?(?:position \d+|line \d+ column \d+)\)?/.exec(error.message) : null;
  return place === null ? '' : `: ${place[0].replace(/^at |[()]/g, '')}`;
}

/** Anything but text is left to the configuration's own check, which reports it with all the rest. */
function dataOf(file: unknown): string | undefined {
  const data = typeof file === 'object' && file !== null && 'data' in file ? file.data : undefined;
  return typeof data === 'string' ? data : undefined;
}
