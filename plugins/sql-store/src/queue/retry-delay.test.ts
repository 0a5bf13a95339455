import { describe, expect, it } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

describe('the delay before the next attempt of a job', () => {
  it('doubles with each failed attempt', () => {
    expect([1, 2, 3, 4, 8].map((attempts) => retryDelayMs(attempts, () => 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 128_000,
    ]);
  });

  it('is stretched by up to a quarter, so that jobs do not come back together', () => {
    expect(retryDelayMs(3, () => 0.999_999)).toBe(5_000);
  });

  it('stays near an hour in the end', () => {
    expect(retryDelayMs(1_000, () => 0.5)).toBe(4_050_000);
  });
});
