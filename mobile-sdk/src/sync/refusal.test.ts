import { describe, expect, it } from 'vitest';
import { judge, retryAt } from './refusal.ts';

describe('a refusal', () => {
  it.each([
    [0, undefined, 'offline'],
    [400, 'bad_request', 'split'],
    [400, undefined, 'hub_refused'],
    [401, 'token_expired', 'fresh_token'],
    [401, undefined, 'fresh_token'],
    [403, 'client_athlete_mismatch', 'client_athlete_mismatch'],
    [403, 'forbidden', 'fresh_token'],
    [404, undefined, 'hub_refused'],
    [408, undefined, 'offline'],
    [409, 'seq_gap', 'seq_gap'],
    [409, 'client_forked', 'client_forked'],
    [409, 'epoch_mismatch', 'epoch_mismatch'],
    [409, undefined, 'hub_refused'],
    [413, undefined, 'split'],
    [426, 'upgrade_required', 'upgrade_required'],
    [429, undefined, 'busy'],
    [500, 'internal', 'offline'],
    [503, 'busy', 'busy'],
    [504, undefined, 'offline'],
  ])('%i %s means %s', (status, code, verdict) => {
    expect(judge(status, code)).toBe(verdict);
  });

  it('names a time in seconds or as a date, or none', () => {
    expect(retryAt('2', 1_000)).toBe(3_000);
    expect(retryAt('Thu, 01 Jan 1970 00:01:00 GMT', 1_000)).toBe(60_000);
    expect(retryAt('soon', 1_000)).toBeNull();
    expect(retryAt(null, 1_000)).toBeNull();
  });
});
