/**
 * When the SDK syncs by itself, as a table: what each event means in each state. A pair that is missing does not
 * compile.
 *
 * In every state but `off` and `held` a request is under way or a timer waits, so whatever is queued will be tried. Only
 * `resting` listens: in the others a sync is due anyway.
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

/**
 * - `nudged`: the app has reason to believe that a sync will work, or will find something.
 * - `poked`: the hub says that there is something new; `unchanged`: it has waited long enough without; `deaf`: it could not
 *   be listened to.
 */
export type AutoEvent =
  | 'started'
  | 'saved'
  | 'nudged'
  | 'poked'
  | 'unchanged'
  | 'deaf'
  | 'timeUp'
  | 'done'
  | 'failed'
  | 'refused'
  | 'stopped';

/**
 * - `sync`: begins a run, or has the one under way go round once more.
 * - `timeSave`, `timeRetry`, `timeLook`, `timeDeaf`: sets the one timer there is, for so long as each of them takes.
 * - `listen`: asks the hub to say when something is new; `hush`: takes that back.
 * - `stopTimer`.
 * - `forgetFailures`: the next pause is a short one again.
 */
export type AutoAction =
  | 'sync'
  | 'timeSave'
  | 'timeRetry'
  | 'timeLook'
  | 'timeDeaf'
  | 'stopTimer'
  | 'listen'
  | 'hush'
  | 'forgetFailures';

export type AutoStep = readonly [next: AutoState, ...does: AutoAction[]];

export const AUTO_TABLE: { readonly [S in AutoState]: { readonly [E in AutoEvent]: AutoStep } } = {
  off: {
    started: ['running', 'forgetFailures', 'sync'],
    saved: ['off'],
    nudged: ['off'],
    poked: ['off'],
    unchanged: ['off'],
    deaf: ['off'],
    timeUp: ['off'],
    done: ['off'],
    failed: ['off'],
    refused: ['off'],
    stopped: ['off'],
  },
  resting: {
    started: ['resting'],
    saved: ['due', 'hush', 'timeSave'],
    nudged: ['running', 'hush', 'stopTimer', 'sync'],
    poked: ['running', 'hush', 'stopTimer', 'sync'],
    unchanged: ['resting', 'listen'],
    deaf: ['resting', 'timeDeaf'],
    timeUp: ['running', 'hush', 'sync'],
    done: ['resting'],
    failed: ['resting'],
    refused: ['resting'],
    stopped: ['off', 'hush', 'stopTimer'],
  },
  due: {
    started: ['due'],
    saved: ['due'],
    nudged: ['running', 'stopTimer', 'sync'],
    poked: ['due'],
    unchanged: ['due'],
    deaf: ['due'],
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
    poked: ['running', 'sync'],
    unchanged: ['running'],
    deaf: ['running'],
    timeUp: ['running'],
    done: ['resting', 'forgetFailures', 'timeLook', 'listen'],
    failed: ['waiting', 'timeRetry'],
    refused: ['held'],
    stopped: ['off'],
  },
  waiting: {
    started: ['waiting'],
    saved: ['waiting'],
    nudged: ['running', 'stopTimer', 'forgetFailures', 'sync'],
    poked: ['waiting'],
    unchanged: ['waiting'],
    deaf: ['waiting'],
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
    poked: ['held'],
    unchanged: ['held'],
    deaf: ['held'],
    timeUp: ['held'],
    done: ['held'],
    failed: ['held'],
    refused: ['held'],
    stopped: ['off'],
  },
};
