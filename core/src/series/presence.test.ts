import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPresence, writePresence } from './presence.ts';
import { VarintReader } from './varint.ts';

const GAP = Number.NaN;

function presenceBytes(...column: number[]): number[] {
  const bytes = new Uint8Array(column.length * 2 + 4);
  return [...bytes.subarray(0, writePresence(bytes, 0, Float64Array.from(column)))];
}

describe('which points of a column have a value', () => {
  it.each([
    ['one run when all do', [5, 5, 5], [3]],
    ['an empty run first when it starts in a gap', [GAP, GAP, 5], [0, 2, 1]],
    ['a run for each change', [5, GAP, 5, 5, GAP], [1, 1, 2, 1]],
    ['an empty run alone when there are no points', [], [0]],
  ])('is %s', (_, column, runs) => {
    expect(presenceBytes(...column)).toEqual(runs);
  });

  it('is read back as the end of each run', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(1, GAP), { maxLength: 300 }), (column) => {
        const ends = readPresence(new VarintReader(Uint8Array.from(presenceBytes(...column))), column.length);
        const restored = column.map((_, i) => (ends.findIndex((end) => i < end) % 2 === 0 ? 1 : GAP));
        expect(restored).toEqual(column);
      }),
    );
  });

  it('refuses runs that count more points than there are', () => {
    expect(() => readPresence(new VarintReader(Uint8Array.of(2, 2)), 3)).toThrow('more points than the series');
  });

  it('refuses empty runs, which could go on for ever', () => {
    expect(() => readPresence(new VarintReader(new Uint8Array(50)), 3)).toThrow('is empty');
  });
});
