import { describe, expect, it } from 'vitest';
import { asksForHistory, enteredBy, isInside, leftBy, shrunkBy, windowOf } from './window.ts';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const WINDOW = { activityDays: 2, planDays: 3 };

describe('the window of a phone', () => {
  it('reaches back and ahead from the athlete’s own date', () => {
    expect(windowOf(WINDOW, 'UTC', NOON)).toEqual({ fromDay: '2026-02-27', toDay: '2026-03-04' });
    expect(windowOf(WINDOW, 'Pacific/Auckland', NOON)).toEqual({ fromDay: '2026-02-28', toDay: '2026-03-05' });
    expect(windowOf({}, 'UTC', NOON)).toEqual({ fromDay: null, toDay: null });
  });

  it('bounds logs behind, the plan on both sides, and nothing of what has no date or is not of a day', () => {
    const window = windowOf(WINDOW, 'UTC', NOON);
    expect(isInside('activity', '2026-02-26', window)).toBe(false);
    expect(isInside('activity', '2026-03-09', window)).toBe(true);
    expect(isInside('planned_workout', '2026-02-26', window)).toBe(false);
    expect(isInside('planned_workout', '2026-03-04', window)).toBe(true);
    expect(isInside('planned_workout', '2026-03-05', window)).toBe(false);
    expect(isInside('race', '2026-09-06', window)).toBe(true);
    expect(isInside('question', '2020-01-01', window)).toBe(true);
    expect(isInside('activity', null, window)).toBe(true);
  });

  it('takes in the days of the plan that come near, and lets the oldest days of logs go', () => {
    const old = windowOf(WINDOW, 'UTC', NOON);
    const now = windowOf(WINDOW, 'UTC', NOON + 2 * 86_400_000);
    expect(enteredBy(old, now)?.range).toEqual({ planned_workout: { fromDay: '2026-03-05', toDay: '2026-03-06' } });
    expect(leftBy(old, now)?.range.activity).toEqual({ fromDay: '2026-02-27', toDay: '2026-02-28' });
    expect([enteredBy(old, old), leftBy(old, old), shrunkBy(old, old)]).toEqual([null, null, null]);
  });

  it('asks for history where it grows backwards, and lets far days of the plan go where it shrinks', () => {
    const old = windowOf(WINDOW, 'UTC', NOON);
    expect(asksForHistory(old, windowOf({ activityDays: 9 }, 'UTC', NOON))).toBe(true);
    expect(asksForHistory(old, windowOf({}, 'UTC', NOON))).toBe(true);
    expect(asksForHistory(windowOf({}, 'UTC', NOON), old)).toBe(false);
    const smaller = windowOf({ ...WINDOW, planDays: 1 }, 'UTC', NOON);
    expect(shrunkBy(old, smaller)?.range).toEqual({ planned_workout: { fromDay: '2026-03-03', toDay: '2026-03-04' } });
    expect(enteredBy(smaller, windowOf({}, 'UTC', NOON))?.range).toEqual({
      planned_workout: { fromDay: '2026-03-03', toDay: null },
    });
  });
});
