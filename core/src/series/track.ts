/**
 * The line on the map that an object carries: few points, nearly the same shape.
 *
 * Douglas–Peucker, from the outside in: of the pieces so far, the one with the point furthest off its chord is split at
 * that point, until all points lie within a metre of the line or no point is left to spend. No tolerance need be
 * guessed to meet the limit, and nothing recurses.
 */
import { encodePolyline } from './polyline.ts';
import { isPosition } from './position.ts';

const MAX_TRACK_POINTS = 200;
/** What the encoded text can tell apart; a finer line would look the same. */
const TOLERANCE_M = 1;
const METRES_PER_DEGREE = 111_195;

/** A piece of the line: its ends, and the point between them that is furthest from its chord. */
interface Piece {
  start: number;
  end: number;
  furthest: number;
  offM: number;
}

/**
 * The track as an encoded polyline of at most `maxPoints` points, first and last among them. Points without a position
 * are passed over. `null` when fewer than two have one.
 *
 * @throws RangeError when `maxPoints` is below 2.
 */
export function simplifyTrack(
  latitudeDeg: Float64Array,
  longitudeDeg: Float64Array,
  maxPoints = MAX_TRACK_POINTS,
): string | null {
  if (!(maxPoints >= 2)) throw new RangeError(`maxPoints: expected 2 or more, got ${maxPoints}`);
  const placed = pointsWithPosition(latitudeDeg, longitudeDeg);
  if (placed.length < 2) return null;
  const { xM, yM } = onPlane(latitudeDeg, longitudeDeg, placed);
  const kept = keepShape(xM, yM, maxPoints);
  return encodePolyline(
    kept.map((i) => latitudeDeg[placed[i]!]!),
    kept.map((i) => longitudeDeg[placed[i]!]!),
  );
}

function pointsWithPosition(latitudeDeg: Float64Array, longitudeDeg: Float64Array): Uint32Array {
  const placed = new Uint32Array(latitudeDeg.length);
  let count = 0;
  for (let i = 0; i < latitudeDeg.length; i++) {
    if (isPosition(latitudeDeg[i]!, longitudeDeg[i]!)) placed[count++] = i;
  }
  return placed.subarray(0, count);
}

/** Metres east and north on a plane that fits the middle of the track. Longitude runs on across the 180th meridian. */
function onPlane(latitudeDeg: Float64Array, longitudeDeg: Float64Array, placed: Uint32Array) {
  const xM = new Float64Array(placed.length);
  const yM = new Float64Array(placed.length);
  const middleDeg = latitudeDeg[placed[placed.length >> 1]!]!;
  const metresPerDegreeEast = METRES_PER_DEGREE * Math.cos((middleDeg * Math.PI) / 180);
  let turnsDeg = 0;
  let before = longitudeDeg[placed[0]!]!;
  for (let i = 0; i < placed.length; i++) {
    const longitude = longitudeDeg[placed[i]!]!;
    if (longitude - before > 180) turnsDeg -= 360;
    if (longitude - before < -180) turnsDeg += 360;
    before = longitude;
    xM[i] = (longitude + turnsDeg) * metresPerDegreeEast;
    yM[i] = latitudeDeg[placed[i]!]! * METRES_PER_DEGREE;
  }
  return { xM, yM };
}

/** Indexes of the points that stay, ascending. */
function keepShape(xM: Float64Array, yM: Float64Array, maxPoints: number): number[] {
  const kept = [0, xM.length - 1];
  const pieces = [pieceOf(xM, yM, 0, xM.length - 1)];
  while (kept.length < maxPoints) {
    const worst = furthestOff(pieces);
    const { start, furthest, end, offM } = pieces[worst]!;
    if (offM <= TOLERANCE_M) break;
    kept.push(furthest);
    pieces[worst] = pieceOf(xM, yM, start, furthest);
    pieces.push(pieceOf(xM, yM, furthest, end));
  }
  return kept.sort((a, b) => a - b);
}

/** There are at most a few hundred pieces, so a heap would only be longer. */
function furthestOff(pieces: readonly Piece[]): number {
  let worst = 0;
  for (let i = 1; i < pieces.length; i++) if (pieces[i]!.offM > pieces[worst]!.offM) worst = i;
  return worst;
}

function pieceOf(xM: Float64Array, yM: Float64Array, start: number, end: number): Piece {
  const startX = xM[start]!;
  const startY = yM[start]!;
  const chordX = xM[end]! - startX;
  const chordY = yM[end]! - startY;
  const chordSquare = chordX * chordX + chordY * chordY;
  const perChord = chordSquare === 0 ? 0 : 1 / chordSquare;
  let furthest = start;
  let furthestSquare = 0;
  for (let i = start + 1; i < end; i++) {
    const x = xM[i]! - startX;
    const y = yM[i]! - startY;
    // Distance to the chord itself, not to the line through it: on a course that comes back, the chord is short.
    const along = Math.min(1, Math.max(0, (x * chordX + y * chordY) * perChord));
    const offX = x - along * chordX;
    const offY = y - along * chordY;
    const square = offX * offX + offY * offY;
    if (square <= furthestSquare) continue;
    furthestSquare = square;
    furthest = i;
  }
  return { start, end, furthest, offM: Math.sqrt(furthestSquare) };
}
