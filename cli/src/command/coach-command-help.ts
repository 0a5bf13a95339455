/** Help of one command, its usage line broken between flags and never within one. */
import { CommandHelp } from '@oclif/core/help';

/** oclif breaks lines at spaces alone. */
const NO_BREAK = '\u00A0';

export class CoachCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    return super.defaultUsage().replace(/\[[^\]]+\]|--\S+ [A-Z]\S*/g, (flag) => flag.replaceAll(' ', NO_BREAK));
  }

  protected override usage(): string {
    return super.usage().replaceAll(NO_BREAK, ' ');
  }
}
