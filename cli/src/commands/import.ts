/** `coach import FILE…`: files from a device or an export, into an athlete's history. */
import type { ImportRow } from '@coach-hub/core';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../command/coach-command.ts';
import { EXIT } from '../command/exit-code.ts';
import * as flags from '../command/flags.ts';
import { parseTimeZone } from '../command/time-zone.ts';
import { createProgress } from '../import/progress.ts';

export default class Import extends CoachCommand {
  static override summary = 'Import activity files into an athlete’s history.';
  static override description =
    'Prints a row for each session of each file, in the order given. A file that was imported before is a duplicate and changes nothing, so a whole folder can be given again and again. With --json each row is one JSON object on a line of its own.\n\nExit code 0: every file gave an answer. 2: some files could not be read; the rest was imported.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> run.fit --athlete demo',
    '<%= config.bin %> <%= command.id %> archive/*.fit --athlete demo --tz Europe/Zurich --json',
  ];
  static override args = {
    files: Args.string({ required: true, multiple: true, description: 'Files to import.' }),
  };
  static override flags = {
    athlete: flags.athlete('The hub’s id of the athlete; one that is new is made.'),
    data: flags.data,
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
    const [{ withHub }, { createImportScreen }, { importFiles }] = await Promise.all([
      import('../project/open-project.ts'),
      import('../import/import-screen.ts'),
      import('../import/import-files.ts'),
    ]);
    const timeZone = flags.tz ?? null;
    const stop = this.world.stopSignal();
    const progress = createProgress(args.files.length, this.world);
    const screen = createImportScreen({
      files: args.files,
      timeZone,
      columns: this.world.columns,
      style: this.style,
    });
    const rows: ImportRow[] = [];
    await withHub(this.world, flags, { create: true, logLevel: 'warn' }, async ({ hub, project }) => {
      await hub.athletes.ensure(flags.athlete);
      const input = {
        athleteId: flags.athlete,
        timeZone,
        files: args.files,
        inFlight: project.config.decode.threads + 1,
      };
      for await (const fileRows of importFiles(hub.importer, input, stop)) {
        for (const row of fileRows) {
          const isFirst = rows.push(row) === 1;
          progress.interrupt(() => {
            if (isFirst) this.log(screen.head);
            this.print(row, screen.row(row));
          });
        }
        progress.advance();
      }
    }).finally(() => progress.end());
    this.log(screen.summary(rows, stop.aborted ? args.files.length : null));
    if (stop.aborted) this.endWith(EXIT.interrupted);
    else if (rows.some(({ status }) => status === 'unreadable')) this.endWith(EXIT.unreadableFiles);
    return { rows };
  }

  /** Rows are printed as they come; a report at the end would keep a long import silent. */
  override logJson(): void {}

  private print(row: ImportRow, line: string): void {
    process.stdout.write(`${this.jsonEnabled() ? JSON.stringify(row) : line}\n`);
  }
}
