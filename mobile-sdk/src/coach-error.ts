/**
 * Every code of the SDK. Codes are stable; texts may change.
 *
 * - `queue_full`: the outbox holds as many changes as it may; sync before writing more. Nothing was dropped.
 * - `not_found`: the object is not on this phone (never was, was deleted, or lies outside the window).
 * - `invalid_value`: a value cannot travel (not a finite number).
 * - `database_too_new`: a newer SDK wrote the file.
 * - `database_unsafe`: the file does not keep acknowledged writes through a power cut.
 * - `offline`: the hub did not answer, or not in a way that says what became of the request. The queue is kept.
 * - `busy`: the hub asked to wait (`retryAt`).
 * - `needs_auth`: there is no valid token. The queue is kept; sign the athlete in and sync again.
 * - `client_athlete_mismatch`: the file belongs to another athlete. Open a file of its own for each.
 * - `upgrade_required`: the hub has retired this SDK's protocol; reading goes on, writing needs a newer app.
 * - `hub_refused`: the hub refused the request for a reason that repeating does not cure; `why` names it.
 */
export type CoachErrorCode =
  | 'queue_full'
  | 'not_found'
  | 'invalid_value'
  | 'database_too_new'
  | 'database_unsafe'
  | 'offline'
  | 'busy'
  | 'needs_auth'
  | 'client_athlete_mismatch'
  | 'upgrade_required'
  | 'hub_refused';

/** An error the app can act on: what happened, why, and what to do. Never a token or a health value. */
export class CoachError extends Error {
  declare readonly code: CoachErrorCode;
  declare readonly what: string;
  declare readonly why: string;
  declare readonly fix: string;

  constructor(code: CoachErrorCode, story: { what: string; why: string; fix: string }, cause?: unknown) {
    super(`${story.what} ${story.why} ${story.fix}`, { cause });
    Object.assign(this, { name: 'CoachError', code, ...story });
  }
}

/** A write that was refused before anything was stored. */
export function notSaved(code: CoachErrorCode, why: string, fix: string): CoachError {
  return new CoachError(code, { what: 'The change was not saved.', why, fix });
}
