import { describe, expect, it } from 'vitest';
import { dayOfEdit, localDay } from './local-day.ts';

describe('the local day', () => {
  const lateOnSaturdayInUtc = Date.parse('2026-02-28T23:30:00.000Z');

  it('is the date on the wall of the zone', () => {
    expect(localDay(lateOnSaturdayInUtc, 'Europe/Vienna')).toBe('2026-03-01');
    expect(localDay(lateOnSaturdayInUtc, 'America/Denver')).toBe('2026-02-28');
  });

  it('is the date in UTC without a zone', () => {
    expect(localDay(lateOnSaturdayInUtc, null)).toBe('2026-02-28');
  });

  it('of an edit is what the athlete said, else where the start falls, else unchanged', () => {
    const startedAt = '2026-02-28T23:30:00.000Z';
    expect(dayOfEdit({ day: '2026-02-27', startedAt }, () => 'Europe/Vienna')).toBe('2026-02-27');
    expect(dayOfEdit({ startedAt }, () => 'Europe/Vienna')).toBe('2026-03-01');
    expect(dayOfEdit({ rpe: 5 }, () => 'Europe/Vienna')).toBeUndefined();
  });

  it('of a start that is no instant is unchanged; the hub refuses the value', () => {
    expect(dayOfEdit({ startedAt: 'half past six' }, () => null)).toBeUndefined();
  });
});
