/** `coach explain KIND ID`: how an object came to be, field by field. */
import type { Explanation } from '@coach-hub/core';
import * as Args from '@oclif/core/args';
import { CoachCommand } from '../command/coach-command.ts';
import * as flags from '../command/flags.ts';
import { explanationScreen } from '../screen/explanation.ts';

export default class Explain extends CoachCommand {
  static override summary = 'Show who decided each field of an object, and what the others say.';
  static override description =
    'Sources of an object (watch, file, athlete, engine) often disagree. This shows the value the hub settled on for each field, the source that decided, the rule that let it, and every value that lost. Older ids of an object work too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> activity act_5f0c --athlete demo',
    '<%= config.bin %> <%= command.id %> activity act_5f0c --athlete demo --json',
  ];
  static override args = {
    kind: Args.string({ required: true, description: 'Kind of the object, for example "activity".' }),
    id: Args.string({ required: true, description: 'Id of the object.' }),
  };
  static override flags = {
    athlete: flags.athlete('Id of the athlete whose object it is.'),
    ...flags.place,
    plugin: flags.pluginPath,
  };

  async run(): Promise<Explanation> {
    const { args, flags } = await this.parse(Explain);
    const { withHub } = await import('../project/open-project.ts');
    const explanation = await withHub(this.world, flags, { create: false, logLevel: 'warn' }, ({ hub }) =>
      hub.objects.explain(flags.athlete, args.kind, args.id),
    );
    this.log(explanationScreen(explanation, this.style));
    return explanation;
  }
}
