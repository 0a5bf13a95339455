/** What a refusal of the whole request means for the client. Pure: the table of the protocol, row by row. */
import type { Failure } from './run-error.ts';

/** Hub and client disagree about what was sent; each has its own way back. */
export type Recovery = 'seq_gap' | 'client_forked' | 'epoch_mismatch';

/**
 * `split`: one of the mutations cannot be read, or they are too many; halving the batch finds out. A `Failure` ends
 * the run; with `offline` the outcome is unknown and the same mutations are sent again later.
 */
export type Verdict = 'split' | 'fresh_token' | Recovery | Failure;

/** @param status 0 when no answer came. */
export function judge(status: number, code?: string): Verdict {
  switch (status) {
    case 400:
      // Without a code it is not the hub that speaks, and no mutation is to blame.
      return code === undefined ? 'hub_refused' : 'split';
    case 413:
      return 'split';
    case 401:
      return 'fresh_token';
    case 403:
      return code === 'client_athlete_mismatch' ? code : 'fresh_token';
    case 409:
      return code === 'seq_gap' || code === 'client_forked' || code === 'epoch_mismatch' ? code : 'hub_refused';
    case 426:
      return 'upgrade_required';
    case 429:
    case 503:
      return 'busy';
    default:
      return status >= 500 || status === 408 || status === 0 ? 'offline' : 'hub_refused';
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
