import { FitEncoder } from 'fit-file-parser/encoder';
import { describe, expect, it } from 'vitest';
import { fitCrc } from './crc.ts';

describe('the CRC of a FIT file', () => {
  it('is that of an independent implementation, from any start and of any length', () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 73 + 11) & 0xff);
    for (let start = 0; start < 9; start++) {
      for (let end = start; end <= bytes.length; end++) {
        expect(fitCrc(bytes, start, end)).toBe(FitEncoder.calculateCRC(bytes.subarray(start, end)));
      }
    }
  });
});
