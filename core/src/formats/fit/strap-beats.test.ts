import { describe, expect, it } from 'vitest';
import { T0 } from './fit-file.test-support.ts';
import type { HrMessage } from './fit-messages.ts';
import { spreadStrapBeats, strapBeats } from './strap-beats.ts';

const hr = (message: Partial<HrMessage>): HrMessage => ({
  timestamp: null,
  fractionalS: null,
  bpm: [],
  eventS: [],
  packedEvents: new Uint8Array(0),
  ...message,
});

/** Two beats in three bytes, in ticks of 1/1024 s. */
const pack = (first: number, second: number): Uint8Array =>
  Uint8Array.of(first & 0xff, (first >> 8) | ((second & 0xf) << 4), second >> 4);

describe("a strap's memory", () => {
  it('is put on the clock by the one message that knows both, and carried over its wrap every 4 s', () => {
    const anchor = hr({ timestamp: T0, fractionalS: 0.5, bpm: [120], eventS: [1_000] });
    const low = (1_000 * 1_024) % 4_096;
    const beats = strapBeats([
      anchor,
      hr({ bpm: [121, 122], packedEvents: pack(low + 1_024, (low + 4_096 - 1_024) % 4_096) }),
    ]);
    expect([...beats.fitS]).toEqual([T0 + 0.5, T0 + 1.5, T0 + 3.5]);
    expect([...beats.bpm]).toEqual([120, 121, 122]);
  });

  it('is nothing as long as its clock is not known', () => {
    expect(strapBeats([hr({ bpm: [120, 121], packedEvents: pack(100, 900) })]).bpm).toHaveLength(0);
  });

  it('leaves out beats that the strap was not sure of', () => {
    const anchor = hr({ timestamp: T0, bpm: [Number.NaN, 0, 121], eventS: [10, 11, 12] });
    expect([...strapBeats([anchor]).fitS]).toEqual([T0 + 2]);
  });
});

describe('beats over records', () => {
  const beats = strapBeats([hr({ timestamp: T0, bpm: [120, 124, 130], eventS: [0.25, 0.75, 1.5], fractionalS: 0.25 })]);
  const times = (...seconds: number[]): Float64Array => Float64Array.from(seconds, (second) => T0 + second);

  it('give each record the mean since the one before, and hold for 5 s', () => {
    const { heartRate, filled } = spreadStrapBeats(times(1, 2, 6, 7), undefined, beats);
    expect([...heartRate]).toEqual([122, 130, 130, Number.NaN]);
    expect(filled).toBe(3);
  });

  it('leave what the watch recorded, a 0 as well', () => {
    const recorded = Float64Array.of(0, Number.NaN);
    expect([...spreadStrapBeats(times(1, 2), recorded, beats).heartRate]).toEqual([0, 130]);
    expect([...recorded]).toEqual([0, Number.NaN]);
  });
});
