import type { OpenedStore } from '@coach-hub/core';
import type { World } from '../world.ts';
import type { Project } from './read-project.ts';
import { storePluginOf } from './store-plugin.ts';

/** The project's store alone, without the services of a hub. It is opened as it is, and closed whatever happens. */
export async function withStore<T>(
  world: Pick<World, 'ports'>,
  project: Project,
  work: (opened: OpenedStore) => Promise<T>,
): Promise<T> {
  const { clock, random, log } = world.ports('warn');
  const plugin = await storePluginOf(project, log);
  const opened = await plugin.open({
    url: project.databaseUrl,
    now: () => clock.now(),
    random: () => random.next(),
    log,
  });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
