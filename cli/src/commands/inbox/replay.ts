/** `coach inbox replay`: runs dead letters through the adapters as they are now. */
import type { ReplayOutcome } from '@coach-hub/core';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import { EXIT } from '../../command/exit-code.ts';
import * as flags from '../../command/flags.ts';
import { letterFilter } from '../../command/letter-filter.ts';
import { outcomesScreen } from '../../screen/letters.ts';

export default class InboxReplay extends CoachCommand {
  static override summary = 'Run dead letters through the adapters once more.';
  static override description =
    'After an adapter was corrected, what it could not read is read again, from the stored bytes and without a call to the provider. Without numbers and filters every letter that was not replayed yet is taken. One that was replayed is left alone: what still fails got a letter of its own. With --dry-run it says what each would become, and nothing is written.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> 12 13',
    '<%= config.bin %> <%= command.id %> --stage normalise --since 2026-03-01',
  ];
  static override args = { ids: flags.letters };
  static override flags = {
    ...flags.place,
    plugin: flags.letterPlugin,
    stage: flags.letterStage,
    code: flags.letterCode,
    athlete: flags.letterAthlete,
    connection: flags.letterConnection,
    since: flags.since('Only letters stored on this day (UTC) or later.'),
    'dry-run': Flags.boolean({ description: 'Tell what would happen and write nothing.' }),
  };

  async run(): Promise<{ dryRun: boolean; outcomes: ReplayOutcome[] }> {
    const { args, flags } = await this.parse(InboxReplay);
    const { data, db, 'dry-run': dryRun = false, ...given } = flags;
    const filter = await letterFilter(given);
    const ids = args.ids === undefined || args.ids.length === 0 ? {} : { ids: args.ids };
    const { withHub } = await import('../../project/open-project.ts');
    const outcomes = await withHub(this.world, { data, db }, { create: false, logLevel: 'warn' }, async ({ hub }) => {
      const replayed = await hub.inbox.replay({ ...filter, ...ids }, { dryRun });
      if (!dryRun && replayed.some(({ outcome }) => outcome === 'replayed')) {
        hub.start();
        await hub.inbox.idle();
      }
      return replayed;
    });
    this.log(outcomesScreen(outcomes, dryRun, this.style));
    if (outcomes.some(({ outcome }) => outcome === 'failed' || outcome === 'not_found'))
      this.endWith(EXIT.unreadableFiles);
    return { dryRun, outcomes };
  }
}
