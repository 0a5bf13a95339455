/** `coach db prune`: removes what has passed its retention. */
import type { PruneReport } from '@coach-hub/core';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import { EXIT } from '../../command/exit-code.ts';
import * as flags from '../../command/flags.ts';
import { pruneScreen } from '../../screen/prune.ts';

export default class DbPrune extends CoachCommand {
  static override summary = 'Remove what has passed its retention.';
  static override description =
    'A running server does this by itself. How long each class is kept is set under "retention" of the configuration. What the history, its files and series, or a replay still need stays whatever its age. The room is used again by what comes; the database file does not shrink. Ctrl-C stops it between two steps.';
  static override examples = ['<%= config.bin %> <%= command.id %> --dry-run', '<%= config.bin %> <%= command.id %>'];
  static override flags = {
    ...flags.place,
    plugin: flags.pluginPath,
    'dry-run': Flags.boolean({ description: 'Count what would go and remove nothing.' }),
  };

  async run(): Promise<PruneReport> {
    const { 'dry-run': dryRun = false, ...flags } = (await this.parse(DbPrune)).flags;
    const { withHub } = await import('../../project/open-project.ts');
    const signal = this.world.stopSignal();
    const report = await withHub(this.world, flags, { create: false, logLevel: 'warn' }, ({ hub }) =>
      hub.retention.prune({ dryRun, signal }),
    );
    this.log(pruneScreen(report));
    if (report.stopped) this.endWith(EXIT.interrupted);
    return report;
  }
}
