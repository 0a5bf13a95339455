/** `coach db restore DIR --data NEWDIR`: a hub from a backup, in a new place. */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { RestoreReport } from '../../project/back-up.ts';
import { progressText, restoreScreen } from '../../screen/backup.ts';
import { createLiveLine } from '../../screen/live-line.ts';

export default class DbRestore extends CoachCommand {
  static override summary = 'Make a hub from a backup, in a new folder.';
  static override description =
    'Checks the database and every blob against their hashes, that this version knows the schema, and that the keys open what is sealed; then everything appears in the new folder, or nothing.\n\nThe restored hub has a new epoch. By that every phone notices, sends again what it had sent after the backup, and reads everything anew.\n\nPut the hub’s key file into the new folder as keys.json first, or set COACH_KEYS.';
  static override examples = ['<%= config.bin %> <%= command.id %> backups/today --data restored'];
  static override args = {
    dir: Args.string({ required: true, description: 'Folder that "coach db backup" wrote.' }),
  };
  static override flags = {
    data: Flags.string({
      required: true,
      helpValue: 'NEWDIR',
      description: 'Folder for the data; nothing but keys.json may lie in it.',
    }),
    'without-keys': Flags.boolean({
      description: 'Restore although keys are lost: athletes connect their accounts again, nothing else is missing.',
    }),
    plugin: flags.pluginPath,
  };

  async run(): Promise<RestoreReport> {
    const { args, flags } = await this.parse(DbRestore);
    const { restore } = await import('../../project/back-up.ts');
    const line = createLiveLine(this.world);
    const report = await restore(this.world, flags, {
      folder: args.dir,
      withoutKeys: flags['without-keys'] ?? false,
      onProgress: (progress) => line.show(progressText(progress)),
    }).finally(() => line.end());
    this.log(restoreScreen(report, this.style));
    return report;
  }
}
