/** `coach serve`: the hub with its HTTP interface. With `--demo`, a whole little world around it. */
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../command/coach-command.ts';
import { EXIT } from '../command/exit-code.ts';
import * as flags from '../command/flags.ts';
import type { DemoReport } from '../demo/demo-report.ts';
import { banner } from '../serve/banner.ts';
import type { ServeReport } from '../serve/start-serving.ts';
import { untilAborted } from '../serve/until-aborted.ts';

export default class Serve extends CoachCommand {
  static override summary = 'Run the hub: webhooks in, sync for phones, objects and their explanation.';
  static override description =
    'Makes the data folder and its keys where there are none, and brings the database up to date. Ctrl-C or SIGTERM makes /readyz answer 503, then lets running requests and work in hand finish; a second one ends at once.\n\nWith --demo nothing has to be set up: a fake provider, an athlete and a simulated phone play one story against the real server, with data of their own in .coach/demo. Nothing leaves the machine.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 8080 --public-url https://hub.example',
    '<%= config.bin %> <%= command.id %> --demo',
    '<%= config.bin %> <%= command.id %> --demo --once',
  ];
  static override flags = {
    demo: Flags.boolean({ description: 'Play the story of one run, from the watch to the phone, then go on serving.' }),
    once: Flags.boolean({
      dependsOn: ['demo'],
      description: 'End after the story: exit code 0 when every step held, 1 otherwise.',
    }),
    port: flags.port('Port to listen on; 0 takes a free one. Default: COACH_PORT, the configuration, 4270.'),
    host: Flags.string({
      helpValue: 'ADDRESS',
      description: 'Address to bind to. Default: COACH_HOST, the configuration, 127.0.0.1.',
    }),
    'public-url': Flags.string({
      helpValue: 'URL',
      ...flags.NOT_WITH_DEMO,
      description:
        'Address under which providers and phones reach this hub. Default: COACH_PUBLIC_URL, the configuration.',
    }),
    ...flags.placeNotDemo,
    plugin: flags.pluginPath,
  };

  async run(): Promise<ServeReport | DemoReport> {
    const { flags } = await this.parse(Serve);
    const stop = this.world.stopSignal();
    return flags.demo ? this.demo(flags, flags.once, stop) : this.serve(flags, stop);
  }

  private async serve(flags: object, stop: AbortSignal): Promise<ServeReport> {
    const { startServing } = await import('../serve/start-serving.ts');
    const serving = await startServing(this.world, flags, this.config.version);
    this.tellNow(serving.report, banner(serving.report, this.config.version, this.style));
    serving.log.info('serving', { url: serving.report.url });
    await untilAborted(stop);
    await serving.close();
    return serving.report;
  }

  private async demo(flags: object, once: boolean, stop: AbortSignal): Promise<DemoReport> {
    const { playDemo } = await import('../demo/play-demo.ts');
    const say = (text: string) => this.log(text);
    const report = await playDemo(this.world, {
      flags,
      once,
      stop,
      say,
      style: this.style,
      tell: (done) => this.tellNow(done, ''),
    });
    if (report.outcome !== 'held') this.endWith(report.outcome === 'stopped' ? EXIT.interrupted : EXIT.failed);
    return report;
  }
}
