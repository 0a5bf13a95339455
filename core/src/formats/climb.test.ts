import { describe, expect, it } from 'vitest';
import { climb } from './climb.ts';

describe('ascent and descent', () => {
  const noisy = Float64Array.of(100, 101, 100, 101.5, Number.NaN, 104, 103, 109, 112, 100);

  it('leave out what a barometer may make of nothing', () => {
    expect(climb(noisy, 'barometric')).toEqual({ ascentM: 12, descentM: 12 });
  });

  it('leave out more when the satellites measured it', () => {
    expect(climb(Float64Array.of(100, 108, 101, 112, 100), 'gps')).toEqual({ ascentM: 12, descentM: 12 });
    expect(climb(Float64Array.of(100, 108, 101), null)).toEqual({ ascentM: 0, descentM: 0 });
  });

  it('are unknown without altitudes', () => {
    expect(climb(undefined, null)).toBeNull();
    expect(climb(Float64Array.of(Number.NaN), null)).toBeNull();
  });
});
