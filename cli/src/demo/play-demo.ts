/** `coach serve --demo`: sets the stage, plays the story, says what to try next, and serves on. */
import type { ProjectFlags } from '../project/read-project.ts';
import { counted, milliseconds } from '../screen/figures.ts';
import type { Style } from '../screen/style.ts';
import { untilAborted } from '../serve/until-aborted.ts';
import type { World } from '../world.ts';
import type { DemoReport, StepReport } from './demo-report.ts';
import { followHub } from './follow-hub.ts';
import { openStage, type Stage } from './open-stage.ts';
import { playStory } from './play-story.ts';
import { whatNext } from './what-next.ts';

export interface DemoOptions {
  flags: ProjectFlags;
  /** Ends after the story instead of serving on. */
  once: boolean;
  stop: AbortSignal;
  say(text: string): void;
  style: Style;
  /** Takes the report when the story has been told. */
  tell(report: DemoReport): void;
}

export async function playDemo(
  world: World,
  { flags, once, stop, say, style, tell }: DemoOptions,
): Promise<DemoReport> {
  const startedAtMs = world.clock.now();
  say(`${style.strong('Coach Hub')}: one run, from the watch to the phone. Nothing leaves this machine.`);
  const stage = await openStage(world, { flags, anyPort: once });
  try {
    const { steps, runId } = await playStory(stage, { say, style, clock: world.clock, stop, cwd: world.cwd });
    const outcome = outcomeOf(steps, stop);
    const durationMs = world.clock.now() - startedAtMs;
    const next = runId === null ? [] : await whatNext(stage, runId, world.cwd);
    const report = reportOf(stage, { outcome, steps, durationMs, next: next.map(({ command }) => command) });
    say(`\n${summary(report, style)}`);
    if (once || stop.aborted) {
      tell(report);
      return report;
    }
    if (next.length > 0) say('\nTry next, in another terminal:');
    for (const { why, command } of next) say(`\n  ${style.faint(`# ${why}`)}\n  ${command}`);
    say(`\nServing at ${style.accent(stage.url)}. Ctrl-C stops it.`);
    tell(report);
    followHub(stage, { stop, say, style });
    await untilAborted(stop);
    say(style.faint('\nStopping.'));
    return report;
  } finally {
    await stage.close();
  }
}

function reportOf(stage: Stage, rest: Pick<DemoReport, 'outcome' | 'steps' | 'durationMs' | 'next'>): DemoReport {
  const { url, folder, athlete } = stage;
  const { outcome, steps, durationMs, next } = rest;
  return { outcome, url, data: folder.data, athleteId: athlete.athleteId, steps, durationMs, next };
}

function summary({ outcome, steps, durationMs }: DemoReport, style: Style): string {
  const checks = steps.flatMap((step) => step.checks);
  if (outcome === 'held') {
    const what = [counted(steps.length, 'step'), counted(checks.length, 'check'), milliseconds(durationMs)];
    return `${style.good('PASS')}  ${what.join(', ')}`;
  }
  if (outcome === 'stopped') return style.faint('Stopped before its end.');
  return [
    `${style.bad('FAIL')}  ${milliseconds(durationMs)}`,
    ...steps.filter(({ state }) => state !== 'held').map(failure),
  ].join('\n');
}

function outcomeOf(steps: readonly StepReport[], stop: AbortSignal): DemoReport['outcome'] {
  if (steps.every(({ state }) => state === 'held')) return 'held';
  return stop.aborted && steps.every(({ state }) => state !== 'failed') ? 'stopped' : 'failed';
}

function failure({ title, state, error, checks }: StepReport): string {
  if (state === 'not played') return `  ${title}: not played`;
  const failed = checks.filter(({ held }) => !held).map(({ what }) => what);
  return `  ${title}: ${error ?? failed.join('; ')}`;
}
