/** What every command of `coach` has in common: `--json`, the same way to fail, and the machine it runs on. */
import { Command } from '@oclif/core/command';
import { colourAllowed, world } from '../main.ts';
import { legibleScreen } from '../screen/legible.ts';
import { createStyle, type Style } from '../screen/style.ts';
import type { World } from '../world.ts';
import { EXIT } from './exit-code.ts';
import { failureProblem, failureScreen, type Story, storyOf } from './failure.ts';
import { usageStory } from './usage-story.ts';

/** Errors of oclif carry this; those with EEXIT are only its way to end. */
type OclifError = Error & { code?: string; oclif?: { exit?: number } };

/**
 * A command returns its report. With `--json` that is printed as one JSON document, else what the command logs.
 * Results go to stdout, progress and failures to stderr.
 */
export abstract class CoachCommand extends Command {
  static override enableJsonFlag = true;

  protected readonly world: World = world();
  protected readonly style: Style = createStyle(colourAllowed());

  private isTold = false;

  /** Prints the report now, for commands that go on after it or print as they go. */
  protected tellNow(report: unknown, screen: string): void {
    if (screen !== '') this.log(screen);
    if (this.jsonEnabled()) this.logJson(report);
    this.isTold = true;
  }

  override log(screen = ''): void {
    super.log(legibleScreen(screen));
  }

  override logJson(report: unknown): void {
    if (!this.isTold) super.logJson(report);
  }

  /** The exit code of a command that came to its end. */
  protected endWith(code: number): void {
    process.exitCode = code;
  }

  override async catch(error: OclifError): Promise<void> {
    if (error.code === 'EEXIT') throw error;
    if (error.name === 'AbortError') {
      this.world.stderr.write('Stopped before it was done.\n');
      this.exit(EXIT.interrupted);
    }
    const isUsage = error.oclif !== undefined;
    const story = isUsage ? usageStory(error, this.name()) : await this.tell(error);
    const text = this.jsonEnabled()
      ? JSON.stringify(failureProblem(story), null, 2)
      : legibleScreen(failureScreen(story, this.style));
    this.world.stderr.write(`${text}\n`);
    this.exit(isUsage ? EXIT.usage : EXIT.failed);
  }

  private name(): string {
    return (this.id ?? '').replaceAll(':', ' ');
  }

  private async tell(error: unknown): Promise<Story> {
    const story = storyOf(error);
    if (story !== null) return story;
    const { internalFailure } = await import('./failure-log.ts');
    return internalFailure(error, this.name(), this.world);
  }
}
