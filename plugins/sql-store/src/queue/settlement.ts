import { failureText, HubError } from '@coach-hub/core';
import type { JobRow } from './job-rows.ts';
import { retryDelayMs } from './retry-delay.ts';

/** How a run ended. `stopped`: we asked it to end, so it has not failed. */
export type Outcome =
  | { is: 'done' }
  | { is: 'postponed'; untilMs: number }
  | { is: 'stopped' }
  | { is: 'failed'; error: unknown };

/** What becomes of the job. */
export type Settlement =
  | { do: 'remove' }
  | { do: 'put_back'; runAtMs: number; attempts: number; lastError: string | null }
  | { do: 'die'; lastError: string };

const MAX_ERROR_CHARS = 1_000;

/** A job has failed as often as it may, or once with an error that no retry can help: it dies. */
export function settlementOf(job: JobRow, outcome: Outcome, nowMs: number, random: () => number): Settlement {
  switch (outcome.is) {
    case 'done':
      return { do: 'remove' };
    case 'postponed':
      return { do: 'put_back', runAtMs: outcome.untilMs, attempts: job.attempts - 1, lastError: null };
    case 'stopped':
      return { do: 'put_back', runAtMs: nowMs, attempts: job.attempts - 1, lastError: null };
    case 'failed': {
      const lastError = textOf(outcome.error);
      const isHopeless = outcome.error instanceof HubError && outcome.error.retry === 'never';
      if (isHopeless || job.attempts >= job.maxAttempts) return { do: 'die', lastError };
      const runAtMs = nowMs + retryDelayMs(job.attempts, random);
      return { do: 'put_back', runAtMs, attempts: job.attempts, lastError };
    }
  }
}

/** An error as it is kept with the job, cut short. */
export function textOf(error: unknown): string {
  return failureText(error).slice(0, MAX_ERROR_CHARS);
}
