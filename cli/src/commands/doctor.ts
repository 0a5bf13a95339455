/** `coach doctor`: what is set up, what is not, and what to do about it. */
import { CoachCommand } from '../command/coach-command.ts';
import { EXIT } from '../command/exit-code.ts';
import * as flags from '../command/flags.ts';
import type { DoctorReport } from '../project/examine-hub.ts';
import { doctorScreen } from '../screen/doctor.ts';

export default class Doctor extends CoachCommand {
  static override summary = 'Check a hub: configuration, keys, database, plugins, inbox, egress.';
  static override description = 'Exit code 0 when every check holds, 1 otherwise; what does not hold says what to do.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { ...flags.place, plugin: flags.pluginPath };

  async run(): Promise<DoctorReport> {
    const { flags } = await this.parse(Doctor);
    const { examineHub } = await import('../project/examine-hub.ts');
    const report = await examineHub(this.world, flags);
    this.log(doctorScreen(report, this.style));
    if (!report.ok) this.endWith(EXIT.failed);
    return report;
  }
}
