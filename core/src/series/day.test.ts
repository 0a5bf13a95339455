import { describe, expect, it } from 'vitest';
import { addDays, isDay } from './day.ts';

describe('local dates', () => {
  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-29', 0, '2026-03-29'],
    ['2026-10-24', 7, '2026-10-31'],
  ])('%s and %i days is %s', (day, days, then) => {
    expect(addDays(day, days)).toBe(then);
  });

  it.each(['2026-13-01', '2026-1-1', 'today', '', '2026-03-01T00:00'])('%o is none', (text) => {
    expect(isDay(text)).toBe(false);
  });
});
