/** `coach plugin list`: the plugins found, where, and whether they can be used. */
import type { PluginInfo } from '@coach-hub/core';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import { pluginsScreen } from '../../screen/plugins.ts';

export default class PluginList extends CoachCommand {
  static override summary = 'List the plugins found, and why one is set aside.';
  static override description =
    'Plugins are packages with a "coach" field: those the configuration lists, the direct dependencies of the project, and --plugin. A project without any uses those this CLI was installed with. One that does not load, or lacks a setting it cannot load without, is set aside with its reason; the rest serves. One that is not set up lacks what athletes need to connect accounts.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { data: flags.place.data, plugin: flags.pluginPath };

  async run(): Promise<{ plugins: PluginInfo[] }> {
    const { flags } = await this.parse(PluginList);
    const { findPlugins } = await import('../../project/find-plugins.ts');
    const { plugins } = await findPlugins(this.world, flags, 'silent');
    this.log(pluginsScreen(plugins.infos, this.style));
    return { plugins: plugins.infos };
  }
}
