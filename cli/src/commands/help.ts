/** `coach help [COMMAND]`: the same as `coach COMMAND --help`. */
import * as Args from '@oclif/core/args';
import { CoachCommand } from '../command/coach-command.ts';

export default class Help extends CoachCommand {
  static override enableJsonFlag = false;
  static override summary = 'Show what a command does, or all commands and the exit codes.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> import'];
  static override args = {
    command: Args.string({ multiple: true, description: 'The command, for example "inbox list".' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Help);
    const { default: CoachHelp } = await import('../command/coach-help.ts');
    await new CoachHelp(this.config).showHelp(args.command ?? []);
  }
}
