import { describe, expect, it } from 'vitest';
import { highestIn, lastIndexAt, meanHeld, valueAt } from './held-value.ts';

const timeS = Float64Array.of(0, 10, 40);

describe('a value that holds until the next one', () => {
  it('is the last one carried at or before a time, and none before the first', () => {
    const column = Float64Array.of(Number.NaN, 5, Number.NaN);
    expect([0, 9.9, 10, 40, 99].map((atS) => valueAt(timeS, column, atS))).toEqual([null, null, 5, 5, 5]);
    expect(valueAt(timeS, undefined, 10)).toBeNull();
  });

  it('weighs as long as it held', () => {
    const column = Float64Array.of(100, 200, 300);
    expect(meanHeld(column, { timeS, timerS: null, fromS: 0, toS: 40 })).toBe(175); // 10 s, 30 s
    expect(meanHeld(column, { timeS, timerS: Float64Array.of(0, 10, 10), fromS: 0, toS: 40 })).toBe(100); // then a pause
  });

  it('weighs nothing while it does not count', () => {
    const span = { timeS, timerS: null, fromS: 0, toS: 40 };
    expect(meanHeld(Float64Array.of(100, 0, 300), span, (value) => value > 0)).toBe(100);
    expect(meanHeld(Float64Array.of(0, 0, 0), span, (value) => value > 0)).toBeNull();
  });

  it('is itself where no time passed, and null where there is none', () => {
    expect(meanHeld(Float64Array.of(1, 2, 3), { timeS, timerS: Float64Array.of(0, 0, 0), fromS: 0, toS: 40 })).toBe(2);
    expect(meanHeld(Float64Array.of(1, 2, 3), { timeS, timerS: null, fromS: 11, toS: 39 })).toBeNull();
    expect(highestIn(Float64Array.of(1, 2, 3), { timeS, timerS: null, fromS: 11, toS: 39 })).toBeNull();
  });

  it('is found by halves', () => {
    expect([-1, 0, 5, 40, 41].map((atS) => lastIndexAt(timeS, atS))).toEqual([-1, 0, 0, 2, 2]);
  });
});
