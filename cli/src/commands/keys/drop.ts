/** `coach keys drop ID`: takes a key out of the key file that nothing needs any more. */
import * as Args from '@oclif/core/args';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import type { DroppedKey } from '../../project/change-keys.ts';

export default class KeysDrop extends CoachCommand {
  static override summary = 'Take a key out of the key file that seals nothing any more.';
  static override description =
    'Refused while the key seals a secret that opens, or is the newest. A running hub forgets it at SIGHUP or at its next start. Backups from before the rotation still need it: keep a copy with them.';
  static override examples = ['<%= config.bin %> <%= command.id %> 1f8a03bc'];
  static override args = {
    id: Args.string({ required: true, description: 'Id of the key, as "coach keys list" shows it.' }),
  };
  static override flags = { ...flags.place };

  async run(): Promise<DroppedKey> {
    const { args, flags } = await this.parse(KeysDrop);
    const [{ withHub }, { dropKey }] = await Promise.all([
      import('../../project/open-project.ts'),
      import('../../project/change-keys.ts'),
    ]);
    const dropped = await withHub(this.world, flags, { create: false, logLevel: 'warn' }, ({ hub }) =>
      dropKey(this.world, flags, hub, args.id),
    );
    this.log(`Key ${dropped.id} is no longer in ${dropped.droppedFrom}.`);
    this.logToStderr(this.style.faint('Backups from before the rotation still need it.'));
    return dropped;
  }
}
