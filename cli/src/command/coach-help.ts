/** The help of `coach`, with its exit codes. */
import { Help } from '@oclif/core/help';
import { CoachCommandHelp } from './coach-command-help.ts';
import { EXIT_MEANING } from './exit-code.ts';

export default class CoachHelp extends Help {
  protected override CommandHelpClass = CoachCommandHelp;

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp();
    const rows: [string, string][] = EXIT_MEANING.map(([code, meaning]) => [String(code), meaning]);
    this.log(
      this.section(
        'EXIT CODES',
        this.renderList(rows, { indentation: 2, spacer: '\n', stripAnsi: this.opts.stripAnsi ?? false }),
      ),
    );
    this.log('');
  }
}
