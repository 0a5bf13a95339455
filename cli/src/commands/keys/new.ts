/** `coach keys new`: a fresh key for the vault. */
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { NewKey } from '../../project/change-keys.ts';

export default class KeysNew extends CoachCommand {
  static override summary = 'Make a fresh key for sealing secrets.';
  static override description =
    'Prints it, to be put first in COACH_KEYS. With --save it goes first into the key file of the data folder and is not shown; send the running hub SIGHUP, or restart it, and then run "coach keys rotate".';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --save'];
  static override flags = {
    save: Flags.boolean({ description: 'Put it first into the key file instead of printing it.' }),
    data: flags.place.data,
  };

  async run(): Promise<NewKey> {
    const { flags } = await this.parse(KeysNew);
    const { newKey, saveNewKey } = await import('../../project/change-keys.ts');
    const made = flags.save ? await saveNewKey(this.world, flags) : newKey(this.world);
    if (made.key !== null) this.log(made.key);
    else this.log(`Key ${made.id} is the first one in ${made.savedIn}.`);
    const next =
      made.key === null ? 'Send the running hub SIGHUP or restart it' : 'Put it first in COACH_KEYS, restart';
    this.logToStderr(this.style.faint(`${next}; then run "coach keys rotate".`));
    return made;
  }
}
