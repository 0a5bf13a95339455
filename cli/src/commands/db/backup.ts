/** `coach db backup DIR`: a copy of everything but the keys, while the hub runs. */
import * as Args from '@oclif/core/args';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { BackupReport } from '../../project/back-up.ts';
import { backupScreen, progressText } from '../../screen/backup.ts';
import { createLiveLine } from '../../screen/live-line.ts';

export default class DbBackup extends CoachCommand {
  static override summary = 'Copy the database and all blobs, while the hub runs.';
  static override description =
    'Writes coach.db, the blobs it names and, last, manifest.json: a folder without that file is a backup that was not finished, and "coach db restore" refuses it. All of it is of one instant.\n\nThe backup holds sealed tokens, so only you can read its files. The keys that open them are not in it: keep the key file, or COACH_KEYS, in another place.';
  static override examples = ['<%= config.bin %> <%= command.id %> backups/today'];
  static override args = {
    dir: Args.string({ required: true, description: 'Folder to write to: one that is not there yet, or is empty.' }),
  };
  static override flags = { ...flags.place, plugin: flags.pluginPath };

  async run(): Promise<BackupReport> {
    const { args, flags } = await this.parse(DbBackup);
    const { backUp } = await import('../../project/back-up.ts');
    const line = createLiveLine(this.world);
    const report = await backUp(this.world, flags, {
      folder: args.dir,
      productVersion: this.config.version,
      onProgress: (progress) => line.show(progressText(progress)),
    }).finally(() => line.end());
    this.log(backupScreen(report, this.style));
    return report;
  }
}
