import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampStamp, compareStamped, compareStamps, stampMs } from './stamp.ts';

const stamp = fc
  .tuple(fc.integer({ min: 0, max: 999_999_999_999_999 }), fc.integer({ min: 0, max: 0xffff }))
  .map(([ms, counter]) => ({ ms, counter, text: `${ms}:${counter.toString(16).padStart(4, '0')}` }));

describe('stamps', () => {
  it('are ordered by time, then by counter, however long they are written', () => {
    fc.assert(
      fc.property(stamp, stamp, (a, b) => {
        const expected = Math.sign(a.ms - b.ms || a.counter - b.counter);
        expect(Math.sign(compareStamps(a.text, b.text))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(compareStamps('999:0000', '1000:0000')).toBeLessThan(0);
    expect(compareStamps('1000:000a', '1000:0009')).toBeGreaterThan(0);
  });

  it('that are equal fall to the larger client id', () => {
    const said = (clientId: string) => ({ value: null, stamp: '1000:0000', clientId });
    expect(compareStamped(said('a'), said('b'))).toBeLessThan(0);
    expect(compareStamped(said('b'), said('a'))).toBeGreaterThan(0);
    expect(compareStamped(said('a'), said('a'))).toBe(0);
  });

  it('of the far future are replaced by the time of receipt, and nothing else is one', () => {
    expect(clampStamp('1000:0001', 2_000)).toEqual({ stamp: '1000:0001', clamped: false });
    expect(clampStamp('999999999999999:0001', 2_000)).toEqual({ stamp: '2000:0000', clamped: true });
    expect(clampStamp('999999999999999:0001', 2_000, 17)).toEqual({ stamp: '2000:0011', clamped: true });
    for (const text of ['', '1000', '1000:1', '1000:00G0', '-1:0000', '1000:0000 ']) expect(stampMs(text)).toBeNull();
  });
});
