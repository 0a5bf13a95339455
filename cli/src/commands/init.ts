/** `coach init [DIR]`: a project for a hub of one's own. */
import * as Args from '@oclif/core/args';
import { CoachCommand } from '../command/coach-command.ts';
import * as flags from '../command/flags.ts';
import type { InitReport } from '../project/init-project.ts';
import { initScreen } from '../screen/init.ts';

export default class Init extends CoachCommand {
  static override summary = 'Make a project: configuration, data folder, keys.';
  static override description =
    'Writes coach.config.json, the data folder with its key file (only you can read it), a package.json where there is none, and keeps the data folder out of git. What is there already is kept, so it can be run again. The key of the first operator is shown once.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> my-hub'];
  static override args = {
    dir: Args.string({ default: '.', description: 'Folder of the project; made when missing.' }),
  };
  static override flags = { data: flags.place.data };

  async run(): Promise<InitReport> {
    const { args, flags } = await this.parse(Init);
    const { initProject } = await import('../project/init-project.ts');
    const report = await initProject(this.world, args.dir, flags);
    this.log(initScreen(report, this.style));
    return report;
  }
}
