import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePolyline, encodePolyline } from './polyline.ts';

describe('positions as text', () => {
  it('are the example of the format’s description', () => {
    const text = '_p~iF~ps|U_ulLnnqC_mqNvxq`@';
    const positions = { latitudeDeg: [38.5, 40.7, 43.252], longitudeDeg: [-120.2, -120.95, -126.453] };
    expect(encodePolyline(positions.latitudeDeg, positions.longitudeDeg)).toBe(text);
    expect(decodePolyline(text)).toEqual(positions);
  });

  it('come back within half of 1e-5 degrees, wherever they are', () => {
    const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(degrees(90), degrees(180)), { maxLength: 40 }), (positions) => {
        const decoded = decodePolyline(
          encodePolyline(
            positions.map(([latitude]) => latitude),
            positions.map(([, longitude]) => longitude),
          ),
        );
        positions.forEach(([latitude, longitude], i) => {
          expect(Math.abs(decoded.latitudeDeg[i]! - latitude)).toBeLessThanOrEqual(0.500001e-5);
          expect(Math.abs(decoded.longitudeDeg[i]! - longitude)).toBeLessThanOrEqual(0.500001e-5);
        });
      }),
    );
  });

  it.each([
    ['a latitude without its longitude', '_p~iF'],
    ['half a number', '_p~iF~ps|'],
    ['other characters', 'not a polyline!'],
    ['a number without end', '~~~~~~~~~~~~'],
  ])('are refused when they are %s', (_, text) => {
    expect(() => decodePolyline(text)).toThrow(RangeError);
  });
});
