/** What a demo did, as `--json` prints it. */
export interface DemoReport {
  /** `held`: every step was played and every check held. `stopped`: somebody ended it before its end. */
  outcome: 'held' | 'failed' | 'stopped';
  url: string;
  data: string;
  athleteId: string;
  steps: StepReport[];
  durationMs: number;
  /** Commands worth trying next. */
  next: string[];
}

export interface StepReport {
  title: string;
  state: 'held' | 'failed' | 'not played';
  facts: { [name: string]: string };
  checks: CheckReport[];
  /** Why the step could not be played to its end. */
  error: string | null;
  durationMs: number;
}

export interface CheckReport {
  what: string;
  held: boolean;
  expected: unknown;
  got: unknown;
}
