/** Why a run ended before it was done, in words an app can log or show. */
import type { SyncProblem } from '@coach-hub/core/wire';
import { CoachError, type CoachErrorCode } from '../coach-error.ts';
import type { SyncState } from './report.ts';

export interface Reason {
  status?: number;
  problem?: Partial<SyncProblem>;
  detail?: string;
  cause?: unknown;
}

/** The states a run ends in when something is wrong; each is the code of its error. */
export type Failure = Extract<SyncState, CoachErrorCode>;

const FIX: { [end in Failure]: string } = {
  offline: 'Sync again when there is a network.',
  busy: 'Sync again after retryAt.',
  needs_auth: 'Sign the athlete in and sync again.',
  client_athlete_mismatch: 'Open a database of its own for each athlete.',
  upgrade_required: 'Update the app; its queue is kept.',
  hub_refused: 'Check baseUrl and the versions of app and hub.',
};

export function storyOf(end: Failure, { status, problem = {}, detail, cause }: Reason): CoachError {
  const answer = status === undefined ? 'The hub did not answer.' : `The hub answered ${status} ${problem.code ?? ''}.`;
  const why = `${detail ?? answer} ${problem.detail ?? ''}`;
  return new CoachError(end, { what: 'Sync stopped; the queue is kept.', why, fix: problem.fix ?? FIX[end] }, cause);
}
