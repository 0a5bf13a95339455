/** `coach keys list`: which keys there are, and how much each seals. */
import type { KeyUse } from '@coach-hub/core';
import { CoachCommand } from '../../command/coach-command.ts';
import * as flags from '../../command/flags.ts';
import { keysScreen } from '../../screen/keys.ts';

export default class KeysList extends CoachCommand {
  static override summary = 'Show the ids of the keys and how many secrets each seals.';
  static override description =
    'Opens every secret to see whether it still opens. The keys themselves are never shown.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { ...flags.place };

  async run(): Promise<{ keys: KeyUse[] }> {
    const { flags } = await this.parse(KeysList);
    const { withHub } = await import('../../project/open-project.ts');
    const keys = await withHub(this.world, flags, { create: false, logLevel: 'warn' }, ({ hub }) => hub.keys.list());
    this.log(keysScreen(keys, this.style));
    return { keys };
  }
}
