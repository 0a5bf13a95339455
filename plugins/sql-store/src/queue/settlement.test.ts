import { HubError } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { settlementOf } from './settlement.ts';

const job = (attempts: number) => ({
  id: 1,
  task: 'work',
  payload: 'null',
  key: null,
  lane: null,
  priority: 0,
  attempts,
  maxAttempts: 3,
  claims: 9,
});
const failed = (error: unknown) => ({ is: 'failed' as const, error });
const hubError = (code: 'file_unreadable' | 'provider_unavailable', why = 'Why.') =>
  new HubError(code, { what: 'What.', why, fix: 'Fix.' });

describe('what becomes of a job when its run ends', () => {
  it('follows from how it ended', () => {
    const settle = (attempts: number, outcome: Parameters<typeof settlementOf>[1]) =>
      settlementOf(job(attempts), outcome, 50_000, () => 0);
    expect(settle(1, { is: 'done' })).toEqual({ do: 'remove' });
    expect(settle(3, { is: 'postponed', untilMs: 70_000 })).toEqual({
      do: 'put_back',
      runAtMs: 70_000,
      attempts: 2,
      lastError: null,
    });
    expect(settle(3, { is: 'stopped' })).toEqual({ do: 'put_back', runAtMs: 50_000, attempts: 2, lastError: null });
    expect(settle(2, failed(hubError('provider_unavailable')))).toEqual({
      do: 'put_back',
      runAtMs: 52_000,
      attempts: 2,
      lastError: 'provider_unavailable: What. Why.',
    });
    expect(settle(3, failed(new Error('third')))).toEqual({
      do: 'die',
      lastError: expect.stringMatching(/^Error at .*settlement\.test\.ts:\d+:\d+\)?$/),
    });
    expect(settle(1, failed(hubError('file_unreadable')))).toEqual({
      do: 'die',
      lastError: 'file_unreadable: What. Why.',
    });
  });

  it('keeps errors short', () => {
    const { lastError } = settlementOf(job(3), failed(hubError('file_unreadable', 'x'.repeat(5_000))), 0, () => 0) as {
      lastError: string;
    };
    expect(lastError).toHaveLength(1_000);
  });
});
