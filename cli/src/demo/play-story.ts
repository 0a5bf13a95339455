/** The story of one run, from the watch to the phone, step after step. */
import type { Clock } from '@coach-hub/core';
import type { Style } from '../screen/style.ts';
import type { StepReport } from './demo-report.ts';
import { localDay } from './local-day.ts';
import { createNarrator, StoryEnded } from './narrator.ts';
import type { Stage } from './open-stage.ts';
import { PHONE_TIME_ZONE } from './phone.ts';
import { backOnline } from './steps/back-online.ts';
import { connectAccount } from './steps/connect-account.ts';
import { hubUp } from './steps/hub-up.ts';
import { logOffline } from './steps/log-offline.ts';
import { phoneScreen } from './steps/phone-screen.ts';
import { RUN, watchRun } from './steps/watch-run.ts';
import { whoDecided } from './steps/who-decided.ts';

/** Time between the end of the run and the watch's upload, s. */
const UPLOAD_DELAY_S = 600;

export interface Story {
  steps: StepReport[];
  /** The merged run; null when the story did not get so far. */
  runId: string | null;
}

export async function playStory(
  stage: Stage,
  deps: { say(text: string): void; style: Style; clock: Clock; stop: AbortSignal; cwd: string },
): Promise<Story> {
  const { style, clock, cwd } = deps;
  const { displayName } = stage.provider;
  const titles = {
    up: 'The hub is up',
    connect: `The athlete connects ${displayName}`,
    offline: 'The phone goes offline and logs a run',
    watch: 'The watch’s run arrives',
    online: 'The phone is back online',
    screen: 'The phone’s screen',
    decided: 'Who decided what',
  };
  const { act, steps } = createNarrator({ ...deps, titles: Object.values(titles) });
  const startMs = clock.now() - (RUN.durationS + UPLOAD_DELAY_S) * 1_000;
  const day = localDay(startMs, PHONE_TIME_ZONE);
  let runId: string | null = null;
  try {
    await act(titles.up, (tell) => hubUp(stage, tell, cwd));
    await act(titles.connect, (tell) => connectAccount(stage, tell));
    const typedId = await act(titles.offline, (tell) => logOffline(stage, tell, day));
    const watch = await act(titles.watch, (tell) => watchRun(stage, tell, startMs));
    runId = typedId;
    await act(titles.online, (tell) => backOnline(stage, tell, typedId, watch));
    await act(titles.screen, (tell) => phoneScreen(stage, tell, typedId, watch));
    await act(titles.decided, (tell) => whoDecided(stage, tell, typedId, watch, style));
  } catch (error) {
    if (!(error instanceof StoryEnded)) throw error;
  }
  return { steps, runId };
}
