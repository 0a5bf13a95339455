/** `coach db copy --db URL`: the data of a folder, in a PostgreSQL database. */
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { CopyReport } from '../../project/copy-data.ts';
import { progressText } from '../../screen/backup.ts';
import { copyScreen } from '../../screen/copy.ts';
import { createLiveLine } from '../../screen/live-line.ts';

export default class DbCopy extends CoachCommand {
  static override summary = 'Move the data of a folder into a PostgreSQL database.';
  static override description =
    'Stop the hub first. Every row and every blob is copied, read back and compared, table by table, before any of it counts: the database holds all of it then, or nothing. The folder stays as it was, with the keys, which the hub still reads there.\n\nThe copy is the same hub: phones notice nothing. Start it with the same --db from then on, and never again without: what is written to the folder after the copy is in no database.';
  static override examples = ['<%= config.bin %> <%= command.id %> --db postgres://coach@127.0.0.1/coach'];
  static override flags = {
    data: flags.place.data,
    db: Flags.string({
      helpValue: 'URL',
      description:
        'Empty database to copy into: postgres://USER@HOST:PORT/NAME. Default: COACH_DB, "db" of coach.config.json.',
    }),
    plugin: flags.pluginPath,
  };

  async run(): Promise<CopyReport> {
    const { flags } = await this.parse(DbCopy);
    const { copyData } = await import('../../project/copy-data.ts');
    const line = createLiveLine(this.world);
    const report = await copyData(this.world, flags, (progress) => line.show(progressText(progress))).finally(() =>
      line.end(),
    );
    this.log(copyScreen(report, this.style));
    return report;
  }
}
