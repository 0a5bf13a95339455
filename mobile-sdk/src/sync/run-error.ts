/** Why a run ended before it was done, in words an app can log or show. */
import { CoachError, type CoachErrorCode } from '../coach-error.ts';
import type { Answer } from './post.ts';
import type { SyncState } from './report.ts';

/** The states a run ends in when something is wrong; each is the code of its error. */
export type Failure = Extract<SyncState, CoachErrorCode>;

const FIX: { [end in Failure]: string } = {
  offline: 'Sync again when there is a network.',
  busy: 'Sync again after retryAt.',
  needs_auth: 'Sign the athlete in, then sync again.',
  client_athlete_mismatch: 'Open one database for each athlete.',
  upgrade_required: 'Update the app; its queue is kept.',
  hub_refused: 'Check baseUrl and the version of the hub.',
};

export function errorOf(end: Failure, { status = 0, body = {}, cause }: Partial<Answer>): CoachError {
  const said = status === 0 ? 'The hub did not answer.' : `The hub answered ${status} ${body.code ?? ''}.`;
  const story = {
    what: 'Sync stopped; the queue is kept.',
    why: `${said} ${body.detail ?? ''}`.trim(),
    fix: body.fix ?? FIX[end],
  };
  return new CoachError(end, story, cause);
}
