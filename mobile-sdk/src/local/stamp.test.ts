import { describe, expect, it } from 'vitest';
import { nextStamp, stampMs } from './stamp.ts';

describe('a stamp', () => {
  it('is the time with a counter of four hex digits', () => {
    expect(nextStamp('0:0000', 1_772_352_000_000)).toBe('1772352000000:0000');
    expect(stampMs('1772352000000:00ff')).toBe(1_772_352_000_000);
  });

  it('counts on while the clock stands still or goes back', () => {
    expect(nextStamp('1000:0000', 1000)).toBe('1000:0001');
    expect(nextStamp('1000:00ff', 400)).toBe('1000:0100');
  });

  it('borrows the next millisecond when the counter is used up', () => {
    expect(nextStamp('1000:ffff', 1000)).toBe('1001:0000');
  });
});
