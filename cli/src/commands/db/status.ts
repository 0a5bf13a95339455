/** `coach db status`: which migrations the database has. */
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { DatabaseReport } from '../../project/database.ts';
import { databaseScreen } from '../../screen/database.ts';

export default class DbStatus extends CoachCommand {
  static override summary = 'Show where the data lies and which migrations it has.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { ...flags.place, plugin: flags.pluginPath };

  async run(): Promise<DatabaseReport> {
    const { flags } = await this.parse(DbStatus);
    const { withDatabase } = await import('../../project/database.ts');
    const report = await withDatabase(this.world, flags, { create: false }, (database) => database.report([]));
    this.log(databaseScreen(report, this.style));
    return report;
  }
}
