/** Syncs by itself, as the table says: after a save, after a nudge, now and then, and again after a failure. */
import type { Platform } from '../platform.ts';
import type { SyncReport } from '../sync/report.ts';
import { AUTO_TABLE, type AutoAction, type AutoEvent, type AutoState } from './table.ts';

/** Saves that follow each other travel together. */
export const SAVE_PAUSE_MS = 250;
/** Other phones' changes are found after so long at the latest, where nobody nudges. */
export const LOOK_PAUSE_MS = 5 * 60_000;
/** Shortest that a hub holds a question open where nothing is new. */
const LEAST_HELD_MS = 5_000;
/** Least pause after a question that the hub did not answer: a proxy that cuts each of them off must not be asked at once. */
const DEAF_PAUSE_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** What the app must do something about first. */
const HELD: ReadonlySet<SyncReport['state']> = new Set([
  'needs_auth',
  'client_athlete_mismatch',
  'upgrade_required',
  'hub_refused',
]);

export interface AutoSync {
  state(): AutoState;
  on(event: 'started' | 'saved' | 'nudged' | 'stopped'): void;
}

export interface AutoSyncDeps {
  /** Gives the same promise to all who share a run. */
  sync(): Promise<Pick<SyncReport, 'state' | 'retryAt'>>;
  /** Resolves to whether something is new, when the hub says so or has waited long enough. */
  waitForChange(signal: AbortSignal): Promise<boolean>;
  platform: Pick<Platform, 'now' | 'after' | 'random'>;
  /** Told of every new state. */
  onState?(state: AutoState): void;
}

export function createAutoSync({ sync, waitForChange, platform, onState }: AutoSyncDeps): AutoSync {
  let state: AutoState = 'off';
  let failures = 0;
  let retryAt: number | null = null;
  let stopTimer: () => void = () => undefined;
  /** Questions in a row that the hub did not answer. */
  let deafTimes = 0;
  let listening: AbortController | null = null;
  /** The run that is listened to. */
  let current: ReturnType<AutoSyncDeps['sync']> | null = null;

  const timer = (ms: number) => {
    stopTimer();
    stopTimer = platform.after(ms, () => on('timeUp'));
  };

  const act: { readonly [A in AutoAction]: () => void } = {
    sync: () => void run(),
    timeSave: () => timer(SAVE_PAUSE_MS),
    timeRetry() {
      const pauseMs = retryPauseMs(failures++, platform.random());
      timer(Math.max(pauseMs, (retryAt ?? 0) - platform.now()));
    },
    timeLook: () => timer(LOOK_PAUSE_MS),
    // A sync then says whether the hub is there at all, and listening goes on after it.
    timeDeaf: () => timer(Math.min(LOOK_PAUSE_MS, DEAF_PAUSE_MS + retryPauseMs(deafTimes++, platform.random()))),
    listen: () => void listen(),
    hush() {
      listening?.abort();
      listening = null;
    },
    stopTimer: () => stopTimer(),
    forgetFailures() {
      failures = 0;
    },
  };

  function on(event: AutoEvent): void {
    const [next, ...does] = AUTO_TABLE[state][event];
    if (next !== state) onState?.(next);
    state = next;
    for (const action of does) act[action]();
  }

  async function listen(): Promise<void> {
    const own = new AbortController();
    listening = own;
    const askedMs = platform.now();
    const event = await waitForChange(own.signal).then(
      (isNew): AutoEvent => {
        // Who answers at once without anything new holds nothing open: a hub that closes, or something between.
        if (!isNew && platform.now() - askedMs < LEAST_HELD_MS) return 'deaf';
        deafTimes = 0;
        return isNew ? 'poked' : 'unchanged';
      },
      (): AutoEvent => 'deaf',
    );
    if (listening === own) on(event);
  }

  async function run(): Promise<void> {
    const asked = sync();
    // One that is under way goes round once more, and is listened to already.
    if (asked === current) return;
    current = asked;
    const event = await asked.then(
      (report): AutoEvent => {
        retryAt = report.retryAt;
        return report.state === 'idle' ? 'done' : HELD.has(report.state) ? 'refused' : 'failed';
      },
      // The file could not be used just now.
      (): AutoEvent => 'failed',
    );
    if (asked !== current) return;
    current = null;
    on(event);
  }

  return { state: () => state, on };
}

/**
 * Full jitter: a hub that comes back is not met by all its phones at once.
 *
 * @param chance from 0 to 1.
 */
export function retryPauseMs(failures: number, chance: number): number {
  return Math.round(chance * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures));
}
