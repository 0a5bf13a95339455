/** `coach inbox list`: what came in and could not be read. */
import type { DeadLetter, InboxCounts } from '@coach-hub/core';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import { wholeNumber } from '../../command/whole-number.ts';
import { letterReport, lettersScreen } from '../../screen/letters.ts';

const DEFAULT_LIMIT = 50;

export default class InboxList extends CoachCommand {
  static override summary = 'List what came in and could not be read.';
  static override description =
    'A delivery or a part of it that an adapter cannot read is kept as a dead letter, whole, until somebody replays it. Bodies are not shown: they hold health data.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stage normalise --limit 10',
  ];
  static override flags = {
    data: flags.data,
    plugin: flags.letterPlugin,
    stage: flags.letterStage,
    code: flags.letterCode,
    limit: Flags.integer({
      parse: wholeNumber({ name: '--limit', min: 1, max: 200 }),
      default: DEFAULT_LIMIT,
      helpValue: 'N',
      description: 'Show at most so many, newest first.',
    }),
  };

  async run(): Promise<{ counts: InboxCounts; deadLetters: ReturnType<typeof letterReport>[] }> {
    const { data, ...filter } = (await this.parse(InboxList)).flags;
    const { withHub } = await import('../../project/open-project.ts');
    const [counts, letters]: [InboxCounts, DeadLetter[]] = await withHub(
      this.world,
      { data },
      { create: false, logLevel: 'warn' },
      ({ hub }) => Promise.all([hub.inbox.counts(), hub.inbox.deadLetters(filter)]),
    );
    this.log(lettersScreen(counts, letters, this.style));
    return { counts, deadLetters: letters.map(letterReport) };
  }
}
