/** `coach keys rotate`: everything sealed again with the newest key. */
import type { Rotation } from '@coach-hub/core';
import { CoachCommand } from '../../command/coach-command.ts';
import { EXIT } from '../../command/exit-code.ts';
import * as flags from '../../command/flags.ts';
import { counted } from '../../screen/figures.ts';
import { rotationScreen } from '../../screen/keys.ts';
import { createLiveLine } from '../../screen/live-line.ts';

export default class KeysRotate extends CoachCommand {
  static override summary = 'Seal every secret again with the newest key, while the hub runs.';
  static override description =
    'Needs the new key first and the old ones after it, and a running hub that knows them: it is refused where one does not. Old and new secrets open all the time, and it can be stopped and run again. Exit code 1 when a secret of an older key is left.\n\nAfter it, "coach keys drop ID" takes the old key away. Keep that one as long as you keep backups from before.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { ...flags.place };

  async run(): Promise<Rotation> {
    const { flags } = await this.parse(KeysRotate);
    const { withHub } = await import('../../project/open-project.ts');
    const line = createLiveLine(this.world);
    const signal = this.world.stopSignal();
    const rotation = await withHub(this.world, flags, { create: false, logLevel: 'warn' }, ({ hub }) =>
      hub.keys.rotate({ signal, onProgress: (rows) => line.show(`${counted(rows, 'secret')} looked at`) }),
    ).finally(() => line.end());
    this.log(rotationScreen(rotation, this.style));
    if (rotation.left + rotation.unreadable > 0) this.endWith(EXIT.failed);
    return rotation;
  }
}
