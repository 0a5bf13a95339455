/**
 * A made-up loop: gentle turns round a point in a forest above Zürich, closed and smooth, on no street of anybody. It
 * is run as often as the distance needs.
 */
import type { Random } from './chance.ts';

const CENTRE = { latitudeDeg: 47.3988, longitudeDeg: 8.5824, altitudeM: 640 };
const METRES_PER_DEGREE = 111_195;
const VERTICES = 720;
const USUAL_LOOP_M = 3_200;
const HILL_M = 11;

export interface Place {
  latitudeDeg: number;
  longitudeDeg: number;
  altitudeM: number;
}

/** @returns the place after so many metres of a run of `distanceM`. */
export function loopRoute(distanceM: number, random: Random): (afterM: number) => Place {
  const loops = Math.max(1, Math.round(distanceM / USUAL_LOOP_M));
  const shape = [random() * 2 * Math.PI, random() * 2 * Math.PI, random() * 2 * Math.PI] as const;
  const outline = Array.from({ length: VERTICES + 1 }, (_, i) => vertex((2 * Math.PI * i) / VERTICES, shape));
  const alongM = [0];
  for (let i = 1; i < outline.length; i++) {
    alongM.push(alongM[i - 1]! + Math.hypot(outline[i]!.x - outline[i - 1]!.x, outline[i]!.y - outline[i - 1]!.y));
  }
  const scale = distanceM / loops / alongM[VERTICES]!;
  const eastDegrees = METRES_PER_DEGREE * Math.cos((CENTRE.latitudeDeg * Math.PI) / 180);
  return (afterM) => {
    const lap = loops === 0 || distanceM === 0 ? 0 : ((afterM * loops) / distanceM) % 1;
    const at = between(alongM, lap * alongM[VERTICES]!);
    const from = outline[at.index]!;
    const to = outline[at.index + 1]!;
    const x = (from.x + (to.x - from.x) * at.share) * scale;
    const y = (from.y + (to.y - from.y) * at.share) * scale;
    const hill = Math.sin(2 * Math.PI * lap + shape[0]) + 0.4 * Math.sin(4 * Math.PI * lap + shape[1]);
    return {
      latitudeDeg: CENTRE.latitudeDeg + y / METRES_PER_DEGREE,
      longitudeDeg: CENTRE.longitudeDeg + x / eastDegrees,
      altitudeM: CENTRE.altitudeM + HILL_M * hill,
    };
  };
}

/** A circle pressed in and out a little; its size is set afterwards. */
function vertex(angle: number, shape: readonly [number, number, number]) {
  const radius =
    1 +
    0.22 * Math.sin(2 * angle + shape[0]) +
    0.08 * Math.sin(3 * angle + shape[1]) +
    0.03 * Math.sin(7 * angle + shape[2]);
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

function between(alongM: readonly number[], metres: number): { index: number; share: number } {
  let low = 0;
  let high = alongM.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (alongM[middle]! <= metres) low = middle;
    else high = middle - 1;
  }
  const length = alongM[low + 1]! - alongM[low]!;
  return { index: low, share: length === 0 ? 0 : (metres - alongM[low]!) / length };
}
