/** The database alone, without the services of a hub: for looking at its schema and changing it. */
import { HubError } from '@coach-hub/core';
import type { World } from '../world.ts';
import { pluginsOf } from './find-plugins.ts';
import type { ProjectFlags } from './read-project.ts';
import { withKeys } from './with-keys.ts';

export interface DatabaseReport {
  dialect: string;
  location: string;
  migrations: { name: string; appliedAt: string | null }[];
  /** Names applied by this command. */
  applied: string[];
}

export interface Database {
  migrate(): Promise<string[]>;
  report(applied: string[]): Promise<DatabaseReport>;
}

export async function withDatabase<T>(
  world: World,
  flags: ProjectFlags,
  options: { create: boolean },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { project } = await withKeys(world, flags, options);
  const { clock, random, log } = world.ports('warn');
  const plugin = (await pluginsOf(project, { log })).stores().find((store) => store.opens(project.config.data));
  if (plugin === undefined) throw noStore();
  const { store, close } = await plugin.open({
    url: project.config.data,
    now: () => clock.now(),
    random: () => random.next(),
    log,
  });
  try {
    return await work({
      migrate: () => store.migrate(),
      report: async (applied) => ({
        dialect: store.dialect,
        location: store.location,
        migrations: await store.migrationStatus(),
        applied,
      }),
    });
  } finally {
    await close();
  }
}

function noStore(): HubError {
  return new HubError('config_invalid', {
    what: 'The database cannot be opened.',
    why: 'No store plugin for it was found.',
    fix: '"coach plugin list" shows what was found; add the plugin of the database to the project.',
  });
}
