import type { World } from '../world.ts';
import type { Project } from './read-project.ts';
import { storePluginOf } from './store-plugin.ts';

/** Whether a database was never migrated: nothing of a hub is in it. */
export async function isUntouched(world: Pick<World, 'ports'>, project: Project): Promise<boolean> {
  const { clock, random, log } = world.ports('warn');
  const plugin = await storePluginOf(project, log);
  const { store, close } = await plugin.open({
    url: project.databaseUrl,
    now: () => clock.now(),
    random: () => random.next(),
    log,
  });
  try {
    return (await store.migrationStatus()).every(({ appliedAt }) => appliedAt === null);
  } finally {
    await close();
  }
}
