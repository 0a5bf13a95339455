/** `coach db migrate`: brings the database to the schema of this version. */
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { DatabaseReport } from '../../project/database.ts';
import { databaseScreen } from '../../screen/database.ts';

export default class DbMigrate extends CoachCommand {
  static override summary = 'Bring the database to the schema of this version.';
  static override description =
    'Applies what is pending, all or nothing, and is safe to start twice. "coach serve" and "coach import" do the same when they open a database.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { ...flags.place, plugin: flags.pluginPath };

  async run(): Promise<DatabaseReport> {
    const { flags } = await this.parse(DbMigrate);
    const { withDatabase } = await import('../../project/database.ts');
    const report = await withDatabase(this.world, flags, { create: true }, async (database) =>
      database.report(await database.migrate()),
    );
    this.log(databaseScreen(report, this.style));
    return report;
  }
}
