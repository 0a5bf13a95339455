/**
 * When the SDK syncs by itself, as a table: what each event means in each state. A pair that is missing does not
 * compile.
 *
 * In every state but `off` and `held` a request is under way or a timer waits, so whatever is queued will be tried.
 */

/**
 * - `off`: not asked to keep in sync, or no more.
 * - `resting`: all is sent and read; it looks again after a while.
 * - `due`: something was saved; it syncs in a moment.
 * - `running`: a sync is under way.
 * - `waiting`: the last one failed; it tries again later.
 * - `held`: trying again is no use before the app has done something, such as a sign-in.
 */
export type AutoState = 'off' | 'resting' | 'due' | 'running' | 'waiting' | 'held';

/** `nudged`: the app has reason to believe that a sync will work, or will find something. */
export type AutoEvent = 'started' | 'saved' | 'nudged' | 'timeUp' | 'done' | 'failed' | 'refused' | 'stopped';

/**
 * - `sync`: begins a run, or has the one under way go round once more.
 * - `timeSave`, `timeRetry`, `timeLook`: sets the one timer there is, for so long as each of them takes.
 * - `stopTimer`.
 * - `forgetFailures`: the next pause is a short one again.
 */
export type AutoAction = 'sync' | 'timeSave' | 'timeRetry' | 'timeLook' | 'stopTimer' | 'forgetFailures';

export type AutoStep = readonly [next: AutoState, ...does: AutoAction[]];

export const AUTO_TABLE: { readonly [S in AutoState]: { readonly [E in AutoEvent]: AutoStep } } = {
  off: {
    started: ['running', 'forgetFailures', 'sync'],
    saved: ['off'],
    nudged: ['off'],
    timeUp: ['off'],
    done: ['off'],
    failed: ['off'],
    refused: ['off'],
    stopped: ['off'],
  },
  resting: {
    started: ['resting'],
    saved: ['due', 'timeSave'],
    nudged: ['running', 'stopTimer', 'sync'],
    timeUp: ['running', 'sync'],
    done: ['resting'],
    failed: ['resting'],
    refused: ['resting'],
    stopped: ['off', 'stopTimer'],
  },
  due: {
    started: ['due'],
    saved: ['due'],
    nudged: ['running', 'stopTimer', 'sync'],
    timeUp: ['running', 'sync'],
    done: ['due'],
    failed: ['due'],
    refused: ['due'],
    stopped: ['off', 'stopTimer'],
  },
  running: {
    started: ['running'],
    saved: ['running', 'sync'],
    nudged: ['running', 'forgetFailures', 'sync'],
    timeUp: ['running'],
    done: ['resting', 'forgetFailures', 'timeLook'],
    failed: ['waiting', 'timeRetry'],
    refused: ['held'],
    stopped: ['off'],
  },
  waiting: {
    started: ['waiting'],
    saved: ['waiting'],
    nudged: ['running', 'stopTimer', 'forgetFailures', 'sync'],
    timeUp: ['running', 'sync'],
    done: ['waiting'],
    failed: ['waiting'],
    refused: ['waiting'],
    stopped: ['off', 'stopTimer'],
  },
  held: {
    started: ['held'],
    saved: ['held'],
    nudged: ['running', 'forgetFailures', 'sync'],
    timeUp: ['held'],
    done: ['held'],
    failed: ['held'],
    refused: ['held'],
    stopped: ['off'],
  },
};
