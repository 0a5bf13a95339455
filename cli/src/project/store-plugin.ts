import { HubError, type Log, type StorePlugin } from '@coach-hub/core';
import { pluginsOf } from './find-plugins.ts';
import type { Project } from './read-project.ts';

/** The plugin that opens the project's data, or another place. @throws HubError `config_invalid` where there is none. */
export async function storePluginOf(
  project: Project,
  log: Log,
  url: string = project.databaseUrl,
): Promise<StorePlugin> {
  const plugin = (await pluginsOf(project, { log })).stores().find((store) => store.opens(url));
  if (plugin !== undefined) return plugin;
  throw new HubError('config_invalid', {
    what: 'The database cannot be opened.',
    why: 'No store plugin for it was found.',
    fix: '"coach plugin list" shows what was found; add the plugin of the database to the project.',
  });
}
