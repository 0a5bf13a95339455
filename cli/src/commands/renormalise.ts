/** `coach renormalise`: what is stored, read by the mappings of today. */
import type { ObjectChange, Renormalised } from '@coach-hub/core';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../command/coach-command.ts';
import { EXIT } from '../command/exit-code.ts';
import * as flags from '../command/flags.ts';
import { createProgress } from '../import/progress.ts';
import { legibleScreen } from '../screen/legible.ts';
import { changeLines, renormaliseSummary } from '../screen/object-change.ts';

export default class Renormalise extends CoachCommand {
  static override summary = 'Read what is stored once more, with the mappings of today.';
  static override description =
    'After a plugin raised its mapping version, what it had read before is read again from the stored bytes, without a call to the provider: the newest first, in small steps. Ctrl-C stops it; the next run goes on where it stopped, and one run too many changes nothing. With --dry-run it shows each object that would change, field by field (old → new), and writes nothing. Bytes that have passed their retention cannot be read again; they are counted, and what they said stays.\n\nWith --json each object is one JSON object on a line of its own, and the last line is the summary.\n\nExit code 0: done. 2: done, but some could not be read; what they said stays.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --plugin file --since 2026-01-01 --json',
  ];
  static override flags = {
    ...flags.place,
    plugin: Flags.string({ helpValue: 'ID', description: 'Only what this plugin reads. Default: every provider.' }),
    athlete: Flags.string({ helpValue: 'ID', description: 'Only this athlete’s.' }),
    stream: Flags.string({ helpValue: 'NAME', description: 'Only this stream, for example activityFiles.' }),
    since: flags.since('Only what was received on this day (UTC) or later.'),
    'dry-run': Flags.boolean({ description: 'Show what would change and write nothing.' }),
  };

  async run(): Promise<Renormalised> {
    const {
      data,
      db,
      plugin,
      athlete: athleteId,
      stream,
      since,
      'dry-run': dryRun = false,
    } = (await this.parse(Renormalise)).flags;
    const [{ withHub }, { startOfDayMs }] = await Promise.all([
      import('../project/open-project.ts'),
      import('../command/start-of-day.ts'),
    ]);
    const sinceMs = since === undefined ? undefined : startOfDayMs(since);
    const signal = this.world.stopSignal();
    const report = await withHub(this.world, { data, db }, { create: false, logLevel: 'error' }, async ({ hub }) => {
      const progress = createProgress(this.world, 'envelope');
      const run = hub.renormalise.run({
        plugin,
        athleteId,
        stream,
        sinceMs,
        dryRun,
        signal,
        onProgress: (done, total) => {
          if (done === 1) progress.found(total);
          progress.advance();
        },
      });
      try {
        for (;;) {
          const next = await run.next();
          if (next.done) return next.value;
          progress.interrupt(() => this.print(next.value));
        }
      } finally {
        progress.end();
      }
    });
    if (this.jsonEnabled()) process.stdout.write(`${JSON.stringify(report)}\n`);
    this.log(renormaliseSummary(report, this.style));
    if (report.stopped) this.endWith(EXIT.interrupted);
    else if (report.plugins.some(({ failed }) => failed.length > 0)) this.endWith(EXIT.unreadableFiles);
    return report;
  }

  /** Changes are printed as they come; a report at the end would keep a long run silent. */
  override logJson(): void {}

  private print(change: ObjectChange): void {
    process.stdout.write(
      `${this.jsonEnabled() ? JSON.stringify(change) : legibleScreen(changeLines(change, this.style))}\n`,
    );
  }
}
