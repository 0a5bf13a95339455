import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_VARINT_BYTES, VarintReader, writeSignedVarint, writeVarint } from './varint.ts';

function signedBytes(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * MAX_VARINT_BYTES);
  let at = 0;
  for (const value of values) at = writeSignedVarint(bytes, at, value);
  return bytes.subarray(0, at);
}

describe('a whole number in as few bytes as it needs', () => {
  it.each([
    [0, [0]],
    [-1, [1]],
    [1, [2]],
    [63, [126]],
    [64, [128, 1]],
    [-64, [127]],
    [2 ** 31, [128, 128, 128, 128, 16]],
  ])('writes %i as %j', (value, bytes) => {
    expect([...signedBytes(value)]).toEqual(bytes);
  });

  it('reads back what it wrote, whatever the size and sign', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
      fc.integer({ min: -99, max: 99 }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), (values) => {
        const reader = new VarintReader(signedBytes(...values));
        expect(values.map(() => reader.readSigned())).toEqual(values.map((each) => (each === 0 ? 0 : each)));
      }),
    );
  });

  it('needs no more than seven bytes for the largest', () => {
    expect(writeVarint(new Uint8Array(9), 0, 2 ** 49 - 1)).toBe(MAX_VARINT_BYTES);
  });

  it('refuses a number that the bytes end in', () => {
    expect(() => new VarintReader(Uint8Array.of(0x80)).read()).toThrow('ends in the middle of a number');
  });

  it('refuses a number that never ends', () => {
    expect(() => new VarintReader(new Uint8Array(20).fill(0xff)).read()).toThrow('longer than any');
  });
});
