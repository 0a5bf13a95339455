import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePolyline } from './polyline.ts';
import { itForEveryRecording } from './recordings.test-support.ts';
import { simplifyTrack } from './track.ts';

const GAP = Number.NaN;
const METRES_PER_DEGREE = 111_195;

interface Line {
  latitudeDeg: ArrayLike<number>;
  longitudeDeg: ArrayLike<number>;
}

function simplified(positions: readonly (readonly [number, number])[], maxPoints?: number) {
  const text = simplifyTrack(
    Float64Array.from(positions, ([latitude]) => latitude),
    Float64Array.from(positions, ([, longitude]) => longitude),
    maxPoints,
  );
  if (text === null) return null;
  const { latitudeDeg, longitudeDeg } = decodePolyline(text);
  return latitudeDeg.map((latitude, i) => [latitude, longitudeDeg[i]!] as const);
}

/** How far the furthest of every tenth position lies from the line, in metres. */
function furthestFrom(line: Line, track: Line): number {
  let furthest = 0;
  for (let i = 0; i < track.latitudeDeg.length; i += 10) {
    const latitude = track.latitudeDeg[i]!;
    const longitude = track.longitudeDeg[i]!;
    if (Number.isNaN(latitude) || Number.isNaN(longitude)) continue;
    const east = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 1; j < line.latitudeDeg.length; j++) {
      const aX = (line.longitudeDeg[j - 1]! - longitude) * east;
      const aY = (line.latitudeDeg[j - 1]! - latitude) * METRES_PER_DEGREE;
      const chordX = (line.longitudeDeg[j]! - longitude) * east - aX;
      const chordY = (line.latitudeDeg[j]! - latitude) * METRES_PER_DEGREE - aY;
      const square = chordX * chordX + chordY * chordY;
      const along = square === 0 ? 0 : Math.min(1, Math.max(0, -(aX * chordX + aY * chordY) / square));
      const offX = aX + along * chordX;
      const offY = aY + along * chordY;
      nearest = Math.min(nearest, offX * offX + offY * offY);
    }
    furthest = Math.max(furthest, nearest);
  }
  return Math.sqrt(furthest);
}

describe('a track for the map', () => {
  it('keeps the corners and drops what lies between them', () => {
    const square = [
      ...Array.from({ length: 100 }, (_, i) => [52 + i * 1e-5, 13] as const),
      ...Array.from({ length: 100 }, (_, i) => [52.001, 13 + i * 1e-5] as const),
    ];
    expect(simplified(square)).toEqual([
      [52, 13],
      [52.001, 13],
      [52.001, 13.00099],
    ]);
  });

  it('keeps the turning point of a course that comes back the same way', () => {
    const outAndBack = Array.from({ length: 201 }, (_, i) => [52 + Math.min(i, 200 - i) * 1e-4, 13] as const);
    expect(simplified(outAndBack)).toEqual([
      [52, 13],
      [52.01, 13],
      [52, 13],
    ]);
  });

  it('never has more points than allowed, and the first and the last among them', () => {
    const place = fc.tuple(fc.double({ min: 50, max: 51, noNaN: true }), fc.double({ min: 7, max: 8, noNaN: true }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 80 }), fc.integer({ min: 2, max: 60 }), (track, most) => {
        const line = simplified(track, most)!;
        expect(line.length).toBeLessThanOrEqual(Math.min(most, track.length));
        expect(line[0]![0]).toBeCloseTo(track[0]![0], 4);
        expect(line.at(-1)![1]).toBeCloseTo(track.at(-1)![1], 4);
      }),
    );
  });

  it('passes over points without a position', () => {
    const track = [
      [GAP, GAP],
      [0, 0],
      [52, 13],
      [52.5, GAP],
      [91, 13],
      [53, 14],
      [52, 181],
    ] as const;
    expect(simplified(track)).toEqual([
      [52, 13],
      [53, 14],
    ]);
  });

  it.each([
    ['no position', [[GAP, GAP]]],
    [
      'one position',
      [
        [52, 13],
        [GAP, GAP],
      ],
    ],
    ['no point', []],
  ] as [string, [number, number][]][])('is none with %s', (_, track) => {
    expect(simplified(track)).toBeNull();
  });

  it('is two points for an athlete who stood still', () => {
    expect(simplified(Array(50).fill([52, 13]))).toEqual([
      [52, 13],
      [52, 13],
    ]);
  });

  it('goes straight across the 180th meridian instead of round the Earth', () => {
    const positions = Array.from({ length: 101 }, (_, i) => {
      const longitude = 179.95 + i * 1e-3;
      return [-17 + (i === 50 ? 1e-3 : 0), longitude > 180 ? longitude - 360 : longitude] as const;
    });
    expect(simplified(positions)).toEqual([
      [-17, 179.95],
      [-17, 179.999],
      [-16.999, 180],
      [-17, -179.999],
      [-17, -179.95],
    ]);
  });

  itForEveryRecording('has at most 200 points and lies within 25 m of what was recorded', ({ sessions }) => {
    for (const { columns } of sessions) {
      const { latitudeDeg, longitudeDeg } = columns;
      if (latitudeDeg === undefined || longitudeDeg === undefined) continue;
      const line = decodePolyline(simplifyTrack(latitudeDeg, longitudeDeg)!);
      expect(line.latitudeDeg.length).toBeLessThanOrEqual(200);
      expect(furthestFrom(line, { latitudeDeg, longitudeDeg })).toBeLessThan(25);
    }
  });

  it('refuses a limit below two points', () => {
    expect(() => simplified([[52, 13]], 1)).toThrow(RangeError);
  });
});
