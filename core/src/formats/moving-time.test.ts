import { describe, expect, it } from 'vitest';
import type { SeriesColumns } from './decoded.ts';
import { movingSeconds } from './moving-time.ts';

const columns = (timeS: number[], rest: Record<string, number[]>): SeriesColumns => ({
  timeS: Float64Array.from(timeS),
  ...Object.fromEntries(Object.entries(rest).map(([name, values]) => [name, Float64Array.from(values)])),
});

const seconds = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('moving time', () => {
  it('counts what was covered at 0.5 m/s or more', () => {
    const running = seconds(31).map((second) => second * 3);
    expect(movingSeconds(columns(seconds(31), { distanceM: running }), 30)).toBe(30);
  });

  it('does not count standing, nor a twitch of less than 3 s', () => {
    // 12 s of running, 12 s of standing with 1 m of drift in the middle, 6 s of running
    const metres = seconds(31).map(
      (second) => Math.min(second, 12) * 3 + (second > 18 ? 1 : 0) + Math.max(0, second - 24) * 3,
    );
    expect(movingSeconds(columns(seconds(31), { distanceM: metres }), 30)).toBe(18);
  });

  it.each([
    ['a pause when nothing was covered', 1, 20],
    ['a drop-out when a runner covered it', 180, 80],
    ['a pause when no runner could', 900, 20],
  ])('takes a gap of a minute as %s', (_name, metres, movingS) => {
    const timeS = [...seconds(11), ...seconds(11).map((second) => 70 + second)];
    const distanceM = [...seconds(11).map((s) => s * 3), ...seconds(11).map((s) => 30 + metres + s * 3)];
    expect(movingSeconds(columns(timeS, { distanceM }), 80)).toBe(movingS);
  });

  it('goes by speed, then by position, where there is no distance', () => {
    expect(movingSeconds(columns(seconds(11), { speedMps: seconds(11).map(() => 3) }), 10)).toBe(10);
    const north = seconds(11).map((second) => 47 + second * 0.00003); // 3.3 m a second
    const still = seconds(11).map(() => 8);
    expect(movingSeconds(columns(seconds(11), { latitudeDeg: north, longitudeDeg: still }), 10)).toBe(10);
  });

  it('skips records that say nothing, and two at one time', () => {
    const NAN = Number.NaN;
    const distanceM = [0, NAN, NAN, 9, 9, NAN, 18];
    expect(movingSeconds(columns([0, 1, 2, 3, 3, 4, 6], { distanceM }), 6)).toBe(6);
  });

  it.each([
    ['nothing to tell it by', columns(seconds(5), { heartRateBpm: [1, 2, 3, 4, 5] })],
    ['a distance that never grows', columns(seconds(5), { distanceM: [0, 0, 0, 0, 0] })],
    ['a stream that lost its end', columns(seconds(5), { distanceM: [0, 3, 6, 9, 12] })],
  ])('is unknown with %s', (_name, series) => {
    expect(movingSeconds(series, 60)).toBeNull();
  });
});
