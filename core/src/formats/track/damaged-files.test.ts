/** Whatever the bytes are: an answer, quickly, and never an exception. `COACH_DAMAGED_COPIES` sets how many are tried. */
import { describe, expect, it } from 'vitest';
import { activityClaims } from '../activity-claims.ts';
import { decodeActivityFile } from '../decode-activity-file.ts';
import { seededRandom } from '../fit/seeded-random.test-support.ts';
import { describeWithRecordings, expectedTracks, recording } from '../recordings.test-support.ts';
import { activities, activity, gpx, lap, tcx, trk, trkpts, trkseg, utf8 } from './xml-files.test-support.ts';

const SEED = 1_871;
const COPIES = Number(process.env.COACH_DAMAGED_COPIES ?? 300);
const SLOWEST_MS = 2_000;

/** Cut, with flipped bits or digits, or with a piece that is there twice, missing, or somewhere else. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const place = (): number => Math.floor(random() * bytes.length);
  const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number];
  const [piece, at] = [bytes.subarray(from, Math.min(to, from + 4_096)), place()];
  switch (Math.floor(random() * 5)) {
    case 0:
      return bytes.slice(0, from);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + piece.length)]);
    default: {
      const copy = new Uint8Array(bytes);
      for (let left = 1 + Math.floor(random() * 8); left > 0; left--) copy[place()]! ^= 1 << Math.floor(random() * 8);
      return copy;
    }
  }
}

/** Decodes, makes claims, and checks what must hold of any answer. */
function check(bytes: Uint8Array): number {
  const began = performance.now();
  const result = decodeActivityFile(bytes);
  if (result.status === 'decoded') {
    const source = {
      externalId: 'x',
      sha256: '0'.repeat(64),
      fileName: null,
      mediaType: '',
      timeZone: 'Europe/Zurich',
    };
    const { claims } = activityClaims(result.file, source);
    expect(claims).toHaveLength(result.file.sessions.length);
    for (const { columns, records, recordsSetAside, startedAtMs, elapsedS, timerS, movingS } of result.file.sessions) {
      const lengths = new Set(Object.values(columns).map(({ length }) => length));
      expect([...lengths]).toEqual([records - recordsSetAside]);
      expect(columns.timeS.every((time, i) => i === 0 || time >= columns.timeS[i - 1]!)).toBe(true);
      expect(startedAtMs).not.toBeNull();
      expect(movingS ?? 0).toBeLessThanOrEqual(
        Math.min(timerS ?? Number.POSITIVE_INFINITY, elapsedS ?? Number.POSITIVE_INFINITY),
      );
    }
  } else {
    expect(result).toEqual(expect.objectContaining({ code: expect.any(String), what: expect.any(String) }));
  }
  return performance.now() - began;
}

function slowestOf(sources: readonly Uint8Array[], copies: number): number {
  const random = seededRandom(SEED);
  let slowestMs = 0;
  for (let round = 0; round < copies; round++) {
    slowestMs = Math.max(slowestMs, check(damaged(sources[round % sources.length]!, random)));
  }
  return slowestMs;
}

const SMALL = {
  TCX: tcx(activities(activity('Running', 0, lap(0, 20, '<Calories>9</Calories>'), lap(20, 20)))),
  GPX: gpx(trk('running', trkseg(trkpts(0, 20)), trkseg(trkpts(60, 20)))),
};

describe.each(Object.entries(SMALL))('a damaged copy of a small %s', (_name, text) => {
  it(`is answered, ${COPIES} times (seed ${SEED})`, () => {
    expect(slowestOf([utf8(text)], COPIES)).toBeLessThan(SLOWEST_MS);
  }, 120_000);

  it('is answered at every length it can be cut to, without a point that never was', () => {
    const whole = utf8(text);
    let most = 0;
    for (let length = 0; length <= whole.length; length += 3) {
      const result = decodeActivityFile(whole.subarray(0, length));
      const points = result.status === 'decoded' ? result.file.sessions[0]!.records : 0;
      expect(points).toBeGreaterThanOrEqual(most);
      most = points;
    }
    expect(most).toBeGreaterThanOrEqual(40);
  });
});

describeWithRecordings('a damaged copy of a real recording', () => {
  it(`is answered, ${COPIES} times (seed ${SEED})`, () => {
    const small = Object.keys(expectedTracks())
      .map(recording)
      .filter(({ length }) => length < 160_000);
    const slowestMs = slowestOf(small, COPIES);
    console.info(`damaged TCX and GPX copies (seed ${SEED}): ${COPIES} answered, slowest ${slowestMs.toFixed(0)} ms`);
    expect(slowestMs).toBeLessThan(SLOWEST_MS);
  }, 600_000);
});
