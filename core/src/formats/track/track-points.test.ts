import { describe, expect, it } from 'vitest';
import { XML_LIMITS } from '../xml/xml-limits.ts';
import { TrackPoints } from './track-points.ts';

describe('the points of a file', () => {
  it('are columns, with gaps where a point has no value', () => {
    const points = new TrackPoints();
    for (const [ms, heartRate] of [
      [1_000, '130'],
      [2_000, undefined],
      [3_000, '0'],
    ] as const) {
      points.begin();
      points.at(ms);
      points.set('heartRateBpm', heartRate);
      points.add();
    }
    expect(points.finish()).toEqual({
      timeMs: Float64Array.of(1_000, 2_000, 3_000),
      values: { heartRateBpm: Float64Array.of(130, Number.NaN, 0) },
    });
  });

  it('do not take over a value from one that was begun and not added', () => {
    const points = new TrackPoints();
    points.begin();
    points.set('powerW', '250');
    points.begin();
    points.add();
    expect(points.finish()).toEqual({ timeMs: Float64Array.of(Number.NaN), values: {} });
  });

  it('are kept up to the limit, and counted beyond it', () => {
    const points = new TrackPoints();
    points.begin();
    for (let i = 0; i < XML_LIMITS.records + 3; i++) points.add();
    expect([points.count, points.beyondLimit, points.finish().timeMs.length]).toEqual([
      XML_LIMITS.records,
      3,
      XML_LIMITS.records,
    ]);
  });
});
