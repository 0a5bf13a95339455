/** `coach inbox list`: what came in and could not be read. */
import type { InboxCounts } from '@coach-hub/core';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import { letterFilter } from '../../command/letter-filter.ts';
import { wholeNumber } from '../../command/whole-number.ts';
import { letterReport, lettersScreen } from '../../screen/letters.ts';

const DEFAULT_LIMIT = 50;

interface LettersReport {
  counts: InboxCounts;
  /** Letters that the filters let pass, on every page. */
  found: { all: number; unreplayed: number };
  deadLetters: ReturnType<typeof letterReport>[];
  /** For `--before`: where the next page begins. */
  next: number | null;
}

export default class InboxList extends CoachCommand {
  static override summary = 'List what came in and could not be read.';
  static override description =
    'A delivery or a part of it that an adapter cannot read is kept as a dead letter, whole, until somebody replays it. Bodies are not shown: they hold health data.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stage normalise --limit 10',
    '<%= config.bin %> <%= command.id %> --since 2026-03-01 --before 200 --json',
  ];
  static override flags = {
    ...flags.place,
    plugin: flags.letterPlugin,
    stage: flags.letterStage,
    code: flags.letterCode,
    athlete: flags.letterAthlete,
    connection: flags.letterConnection,
    since: flags.since('Only letters stored on this day (UTC) or later.'),
    before: Flags.integer({ min: 1, helpValue: 'NO', description: 'Go on below this number: the next page.' }),
    limit: Flags.integer({
      parse: wholeNumber({ name: '--limit', min: 1, max: 200 }),
      default: DEFAULT_LIMIT,
      helpValue: 'N',
      description: 'Show at most so many, newest first.',
    }),
  };

  async run(): Promise<LettersReport> {
    const { data, db, limit, before, ...given } = (await this.parse(InboxList)).flags;
    const filter = await letterFilter(given);
    const { withHub } = await import('../../project/open-project.ts');
    const [counts, found, page] = await withHub(
      this.world,
      { data, db },
      { create: false, logLevel: 'warn' },
      async ({ hub }) =>
        [
          await hub.inbox.counts(),
          await hub.inbox.countLetters(filter),
          await hub.inbox.deadLetters({
            ...filter,
            limit: limit + 1,
            ...(before === undefined ? {} : { beforeId: before }),
          }),
        ] as const,
    );
    const letters = page.slice(0, limit);
    const next = page.length > limit ? (letters.at(-1)?.id ?? null) : null;
    this.log(lettersScreen(counts, found, letters, next, this.style));
    return { counts, found, deadLetters: letters.map(letterReport), next };
  }
}
