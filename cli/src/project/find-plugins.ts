/** The plugins of a project, for commands that need no database. */
import { type LoadedPlugins, openPlugins } from '@coach-hub/core';
import type { LogLevel } from '../log/log-level.ts';
import { secretsOf } from '../log/secrets-of.ts';
import type { Ports, World } from '../world.ts';
import { quietAboutPlugins } from './quiet-plugins.ts';
import { type Project, type ProjectFlags, readProject } from './read-project.ts';

export interface FoundPlugins {
  project: Project;
  plugins: LoadedPlugins;
  ports: Ports;
}

export async function findPlugins(world: World, flags: ProjectFlags, logLevel: LogLevel): Promise<FoundPlugins> {
  const project = await readProject(world, flags);
  const ports = world.ports(logLevel, secretsOf(project.secrets));
  return { project, ports, plugins: await pluginsOf(project, { log: quietAboutPlugins(ports.log) }) };
}

export function pluginsOf(project: Project, { log }: Pick<Ports, 'log'>): Promise<LoadedPlugins> {
  const { dir, config, secrets, pluginFlags, fallbackDirs } = project;
  return openPlugins({ config, secrets, projectDir: dir, pluginFlags, fallbackDirs, log });
}
