/** What a refusal of the whole request means for the client. Pure: the table of the protocol, row by row. */
import type { SyncProblem } from '@coach-hub/core/wire';

export type Verdict =
  /** One of the mutations cannot be read, or they are too many: halve the batch to find out. */
  | 'split'
  | 'fresh_token'
  | 'needs_auth'
  | 'client_athlete_mismatch'
  | 'seq_gap'
  | 'client_forked'
  | 'epoch_mismatch'
  | 'upgrade_required'
  | 'busy'
  /** Unknown outcome: the same mutations are sent again later. */
  | 'offline'
  | 'hub_refused';

export function judge(status: number, problem: Partial<SyncProblem>): Verdict {
  const { code } = problem;
  switch (status) {
    case 400:
      // Without a code it is not the hub that speaks, and no mutation is to blame.
      return code === undefined ? 'hub_refused' : 'split';
    case 413:
      return 'split';
    case 401:
      return 'fresh_token';
    case 403:
      return code === 'client_athlete_mismatch' ? code : 'needs_auth';
    case 409:
      return code === 'seq_gap' || code === 'client_forked' || code === 'epoch_mismatch' ? code : 'hub_refused';
    case 426:
      return 'upgrade_required';
    case 429:
    case 503:
      return 'busy';
    default:
      return status >= 500 || status === 408 ? 'offline' : 'hub_refused';
  }
}

/** Epoch milliseconds a `Retry-After` names, or null without a readable one. */
export function retryAt(retryAfter: string | null, nowMs: number): number | null {
  if (retryAfter === null) return null;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return nowMs + seconds * 1_000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? null : at;
}
