/** `coach inbox show ID`: one dead letter, and why it is one. */
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import { letterReport, letterScreen } from '../../screen/letters.ts';

export default class InboxShow extends CoachCommand {
  static override summary = 'Show one dead letter and why it could not be read.';
  static override examples = ['<%= config.bin %> <%= command.id %> 12'];
  static override args = { id: flags.letter };
  static override flags = { ...flags.place };

  async run(): Promise<ReturnType<typeof letterReport>> {
    const { args, flags } = await this.parse(InboxShow);
    const { withHub } = await import('../../project/open-project.ts');
    const letter = await withHub(this.world, flags, { create: false, logLevel: 'warn' }, ({ hub }) =>
      hub.inbox.deadLetter(args.id),
    );
    this.log(letterScreen(letter, this.style));
    return letterReport(letter);
  }
}
