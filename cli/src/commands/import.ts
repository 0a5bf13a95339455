/** `coach import PATH…`: files, folders and archives, into an athlete's history. */
import type { ImportRow } from '@coach-hub/core';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../command/coach-command.ts';
import { EXIT } from '../command/exit-code.ts';
import * as flags from '../command/flags.ts';
import { parseTimeZone } from '../command/time-zone.ts';
import { legibleScreen } from '../screen/legible.ts';

export default class Import extends CoachCommand {
  static override summary = 'Import activity files, folders, and archives such as an account’s export.';
  static override description =
    `Files are known by their content, not by their name: recordings (FIT, TCX and GPX), each also packed with gzip, and zips, with folders and further archives in them. Give the export of a watch maker or of a training log as it was downloaded. Folders are read in the order of names; hidden files, and links to folders, are not.

Prints a row for each session of each file, in the order found. A file in an archive is named after it: export.zip/2024/run.fit. With --json each row is one JSON object on a line of its own. In folders and archives, files that are no recordings (pictures, tables, steps and settings of a watch) have no row; one line at the end counts them. What cannot be read is a row that says why, and stops nothing else.

A file that was imported before is a duplicate, changes nothing, and is not decoded again. So an import that was stopped, by Ctrl-C or worse, goes on where it was when the same command is given again.

Exit code 0: every file gave an answer. 2: some files could not be read; the rest was imported. 130: stopped by Ctrl-C; what was begun is finished and printed.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> run.fit --athlete demo',
    '<%= config.bin %> <%= command.id %> archive --athlete demo',
    '<%= config.bin %> <%= command.id %> export.zip run.fit.gz --athlete demo --tz Europe/Zurich --json',
  ];
  static override args = {
    files: Args.string({ required: true, multiple: true, description: 'Files, folders and archives to import.' }),
  };
  static override flags = {
    athlete: flags.athlete('The hub’s id of the athlete; one that is new is made.'),
    ...flags.place,
    plugin: flags.pluginPath,
    tz: Flags.string({
      helpValue: 'ZONE',
      parse: parseTimeZone,
      description:
        'Time zone of the athlete, for files that know neither position nor local time, and of the times on the screen. For example Europe/Zurich. Default: none, and times in UTC.',
    }),
  };

  async run(): Promise<{ rows: ImportRow[] }> {
    const { args, flags } = await this.parse(Import);
    const [{ withHub }, { runImport }] = await Promise.all([
      import('../project/open-project.ts'),
      import('../import/run-import.ts'),
    ]);
    const timeZone = flags.tz ?? null;
    const stop = this.world.stopSignal();
    const { rows, summary, passedOver } = await withHub(
      this.world,
      flags,
      { create: true, logLevel: 'warn' },
      ({ hub, project }) =>
        runImport(
          { hub, config: project.config, world: this.world, style: this.style },
          { paths: args.files, athleteId: flags.athlete, timeZone },
          { head: (text) => this.log(text), row: (row, line) => this.print(row, line) },
          stop,
        ),
    );
    this.log(summary);
    if (this.jsonEnabled() && passedOver !== null) this.world.stderr.write(`${passedOver}\n`);
    if (stop.aborted) this.endWith(EXIT.interrupted);
    else if (rows.some(({ status }) => status === 'unreadable')) this.endWith(EXIT.unreadableFiles);
    return { rows };
  }

  /** Rows are printed as they come; a report at the end would keep a long import silent. */
  override logJson(): void {}

  private print(row: ImportRow, line: string): void {
    process.stdout.write(`${this.jsonEnabled() ? JSON.stringify(row) : legibleScreen(line)}\n`);
  }
}
