/**
 * Positions as text: the "encoded polyline algorithm format" that map libraries read, with 1e-5 degrees (1.1 m).
 * Latitude and longitude alternate, each as the difference from the position before.
 */
const PER_DEGREE = 1e5;
const FIRST_CHAR = 63;
const MORE_BIT = 0x20;

/** Encodes positions given as two lists of one length. */
export function encodePolyline(latitudeDeg: readonly number[], longitudeDeg: readonly number[]): string {
  let text = '';
  let latitude = 0;
  let longitude = 0;
  for (let i = 0; i < latitudeDeg.length; i++) {
    const nextLatitude = Math.round(latitudeDeg[i]! * PER_DEGREE);
    const nextLongitude = Math.round(longitudeDeg[i]! * PER_DEGREE);
    text += encodeNumber(nextLatitude - latitude) + encodeNumber(nextLongitude - longitude);
    latitude = nextLatitude;
    longitude = nextLongitude;
  }
  return text;
}

/**
 * The positions of an encoded polyline.
 *
 * @throws RangeError when the text is none.
 */
export function decodePolyline(text: string): { latitudeDeg: number[]; longitudeDeg: number[] } {
  const numbers = decodeNumbers(text);
  if (numbers.length % 2 !== 0) throw new RangeError('An encoded polyline ends after a latitude.');
  const latitudeDeg: number[] = [];
  const longitudeDeg: number[] = [];
  let latitude = 0;
  let longitude = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    latitude += numbers[i]!;
    longitude += numbers[i + 1]!;
    latitudeDeg.push(latitude / PER_DEGREE);
    longitudeDeg.push(longitude / PER_DEGREE);
  }
  return { latitudeDeg, longitudeDeg };
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? ~(value << 1) : value << 1;
  let text = '';
  while (rest >= MORE_BIT) {
    text += String.fromCharCode((MORE_BIT | (rest & 0x1f)) + FIRST_CHAR);
    rest >>= 5;
  }
  return text + String.fromCharCode(rest + FIRST_CHAR);
}

function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const bits = text.charCodeAt(i) - FIRST_CHAR;
    if (bits < 0 || bits >= 2 * MORE_BIT || shift > 25) throw new RangeError(`No encoded polyline: character ${i}.`);
    value |= (bits & 0x1f) << shift;
    shift += 5;
    if (bits >= MORE_BIT) continue;
    numbers.push(value & 1 ? ~(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  if (shift > 0) throw new RangeError('An encoded polyline ends within a number.');
  return numbers;
}
