import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesColumns } from '../formats/decoded.ts';
import { downsample, downsampleSeries } from './downsample.ts';
import { lttbIndexes } from './lttb.ts';
import { itForEveryRecording } from './recordings.test-support.ts';

const GAP = Number.NaN;

function seconds(points: number, value: (i: number) => number = (i) => i): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => value(i));
}

/** The method of the thesis as it is written there, for one channel without gaps. */
function textbookIndexes(timeS: Float64Array, values: Float64Array, points: number): number[] {
  const every = (timeS.length - 2) / (points - 2);
  const chosen = [0];
  for (let i = 0; i < points - 2; i++) {
    const nextFrom = Math.floor((i + 1) * every) + 1;
    const nextTo = Math.min(Math.floor((i + 2) * every) + 1, timeS.length);
    let meanX = 0;
    let meanY = 0;
    for (let j = nextFrom; j < nextTo; j++) {
      meanX += timeS[j]! / (nextTo - nextFrom);
      meanY += values[j]! / (nextTo - nextFrom);
    }
    const a = chosen.at(-1)!;
    let best = -1;
    let largest = -1;
    for (let j = Math.floor(i * every) + 1; j < nextFrom; j++) {
      const area = Math.abs(
        (timeS[a]! - meanX) * (values[j]! - values[a]!) - (timeS[a]! - timeS[j]!) * (meanY - values[a]!),
      );
      if (area <= largest) continue;
      largest = area;
      best = j;
    }
    chosen.push(best);
  }
  return [...chosen, timeS.length - 1];
}

const anySeries = fc
  .record({ length: fc.integer({ min: 0, max: 120 }), points: fc.integer({ min: 1, max: 60 }) })
  .chain(({ length, points }) =>
    fc.record({
      points: fc.constant(points),
      values: fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 40, max: 200 }) }, fc.constant(GAP)), {
        minLength: length,
        maxLength: length,
      }),
    }),
  );

describe('a channel in fewer points', () => {
  it('keeps a peak of one second that a mean would lose', () => {
    const sampled = downsample(
      seconds(3_600),
      seconds(3_600, (i) => (i === 1_234 ? 199 : 140)),
      100,
    );
    expect(sampled.timeS).toContain(1_234);
    expect(Math.max(...sampled.values.map(Number))).toBe(199);
  });

  it('is chosen as the thesis says', () => {
    const values = seconds(1_000, (i) => Math.sin(i / 9) * 50 + Math.sin(i * i) * 20);
    for (const points of [3, 10, 77, 500, 999]) {
      expect([...lttbIndexes(seconds(1_000), [values], points)]).toEqual(
        textbookIndexes(seconds(1_000), values, points),
      );
    }
  });

  it('has exactly as many points as asked for, first and last among them, in order', () => {
    fc.assert(
      fc.property(anySeries, ({ values, points }) => {
        const indexes = [...lttbIndexes(seconds(values.length), [Float64Array.from(values)], points)];
        expect(indexes).toHaveLength(Math.min(points, values.length));
        expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
        if (values.length > 0) expect(indexes[0]).toBe(0);
        if (values.length > 0 && points > 1) expect(indexes.at(-1)).toBe(values.length - 1);
      }),
    );
  });

  it('is itself when there is room for all of it', () => {
    expect(downsample(seconds(3), Float64Array.of(1, GAP, 3), 3)).toEqual({ timeS: [0, 1, 2], values: [1, null, 3] });
  });

  it.each([0, -1, 2.5, GAP])('refuses %d points', (points) => {
    expect(() => downsample(seconds(3), seconds(3), points)).toThrow(RangeError);
  });
});

describe('a gap', () => {
  it('stays one when it is longer than the points lie apart', () => {
    const lost = seconds(1_000, (i) => (i >= 400 && i < 500 ? GAP : 150 + (i % 10)));
    const { timeS, values } = downsample(seconds(1_000), lost, 50);
    const inside = values.filter((_, i) => timeS[i]! >= 400 && timeS[i]! < 500);
    expect(inside.length).toBeGreaterThanOrEqual(3);
    expect(new Set(inside)).toEqual(new Set([null]));
  });

  it('is not made of a dropout of a few seconds', () => {
    const flickering = seconds(1_000, (i) => (i % 7 === 0 ? GAP : 150 + (i % 10)));
    expect(downsample(seconds(1_000), flickering, 50).values.slice(1, -1)).not.toContain(null);
  });

  it('shows nothing that was not measured', () => {
    fc.assert(
      fc.property(anySeries, ({ values, points }) => {
        const sampled = downsample(seconds(values.length), Float64Array.from(values), points);
        sampled.values.forEach((value, i) => {
          const measured = values[sampled.timeS[i]!]!;
          expect(value).toBe(Number.isNaN(measured) ? null : measured);
        });
      }),
    );
  });
});

describe('several channels in fewer points', () => {
  const columns: SeriesColumns = {
    timeS: seconds(1_000),
    heartRateBpm: seconds(1_000, (i) => (i === 300 ? 190 : 140)),
    powerW: seconds(1_000, (i) => (i === 700 ? 900 : 250)),
    altitudeM: seconds(1_000, () => GAP),
  };

  it('share their times, so that they lie below each other', () => {
    const sampled = downsampleSeries(columns, ['heartRateBpm', 'powerW'], 40);
    expect(sampled.timeS).toHaveLength(40);
    expect(Object.entries(sampled.channels).map(([name, values]) => [name, values.length])).toEqual([
      ['heartRateBpm', 40],
      ['powerW', 40],
    ]);
  });

  it('each keep their peak, whatever their unit', () => {
    const { channels } = downsampleSeries(columns, ['heartRateBpm', 'powerW'], 40);
    expect(channels.heartRateBpm).toContain(190);
    expect(channels.powerW).toContain(900);
  });

  it('leave out what the series does not have, and give null for what it has no values of', () => {
    const { channels } = downsampleSeries(columns, ['timeS', 'cadenceSpm', 'altitudeM'], 2);
    expect(channels).toEqual({ altitudeM: [null, null] });
  });

  itForEveryRecording('of a real recording fit the room they have', ({ sessions }) => {
    for (const { columns: recorded } of sessions) {
      const sampled = downsampleSeries(recorded, ['heartRateBpm', 'altitudeM', 'speedMps'], 200);
      expect(sampled.timeS).toHaveLength(Math.min(200, recorded.timeS.length));
    }
  });
});
