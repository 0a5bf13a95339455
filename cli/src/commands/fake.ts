/** `coach fake NAME`: a provider's stand-in on this machine, for developing against. */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../command/coach-command.ts';
import * as flags from '../command/flags.ts';
import { fakeScreen } from '../screen/fake.ts';
import type { FakeReport } from '../serve/start-fake.ts';
import { untilAborted } from '../serve/until-aborted.ts';

export default class Fake extends CoachCommand {
  static override summary = 'Start a provider’s fake: a local server that speaks its documented contract.';
  static override description =
    'Prints what a hub needs to talk to it, the commands that make something happen there, and the faults it can play. It listens on 127.0.0.1 alone and forgets everything when it ends. "coach plugin list" shows which plugins have one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> NAME',
    '<%= config.bin %> <%= command.id %> NAME --port 9000',
    '<%= config.bin %> <%= command.id %> NAME --webhook http://127.0.0.1:4270/webhooks/NAME/SECRET',
  ];
  static override args = { name: Args.string({ required: true, description: 'Id of the plugin.' }) };
  static override flags = {
    port: flags.port('Port to listen on. Default: a free one.'),
    webhook: Flags.string({
      helpValue: 'URL',
      description: 'Where it sends notifications. Default: the hub of this project.',
    }),
    plugin: flags.pluginPath,
  };

  async run(): Promise<FakeReport> {
    const { args, flags } = await this.parse(Fake);
    const stop = this.world.stopSignal();
    const { startFake } = await import('../serve/start-fake.ts');
    const { report, close } = await startFake(this.world, args.name, flags);
    this.tellNow(report, fakeScreen(report, this.style, this.world.columns));
    await untilAborted(stop);
    await close();
    return report;
  }
}
