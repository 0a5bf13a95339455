/**
 * Moving time from the recorded stream, by one rule for every device.
 *
 * A stretch counts when it was covered at 0.5 m/s or more over at least 3 s. A gap of more than 30 s without points is
 * a pause, unless the distance across it is one that somebody covered on foot (0.5 to 7 m/s): then the recording
 * dropped out, not the athlete. Source: the merge rules, "moving, timer, elapsed".
 */
import type { SeriesColumns } from './decoded.ts';
import { metresBetween } from './metres-between.ts';

export const MOVING_MPS = 0.5;
const WINDOW_S = 3;
export const GAP_S = 30;
export const PLAUSIBLE_GAP_MPS = 7;
const SPAN_NEEDED = 0.8;

/** Distance over time, only where both are known. */
interface Track {
  timeS: number[];
  distanceM: number[];
}

/**
 * Seconds in motion, or null when the stream cannot tell: it has neither distance nor speed nor position, or it spans
 * less than 80 % of `timerS` (a damaged file that lost its end).
 */
export function movingSeconds(columns: SeriesColumns, timerS: number | null): number | null {
  const track = trackOf(columns);
  if (track === null) return null;
  const { timeS, distanceM } = track;
  if (timeS.at(-1)! - timeS[0]! < SPAN_NEEDED * (timerS ?? 0)) return null;
  let movingS = 0;
  let from = 0;
  for (let to = 1; to < timeS.length; to++) {
    const stepS = timeS[to]! - timeS[to - 1]!;
    if (stepS <= 0) continue;
    if (stepS > GAP_S) {
      movingS += movingPart(track, from, to - 1, Number.POSITIVE_INFINITY);
      movingS += movingPart(track, to - 1, to, PLAUSIBLE_GAP_MPS);
      from = to;
    } else if (timeS[to]! - timeS[from]! >= WINDOW_S) {
      movingS += movingPart(track, from, to, Number.POSITIVE_INFINITY);
      from = to;
    }
  }
  return movingS + movingPart({ timeS, distanceM }, from, timeS.length - 1, Number.POSITIVE_INFINITY);
}

/** The whole stretch when it was covered at a moving speed of at most `limitMps`, else nothing. */
function movingPart({ timeS, distanceM }: Track, from: number, to: number, limitMps: number): number {
  const seconds = timeS[to]! - timeS[from]!;
  if (!(seconds > 0)) return 0;
  const speed = (distanceM[to]! - distanceM[from]!) / seconds;
  return speed >= MOVING_MPS && speed <= limitMps ? seconds : 0;
}

function trackOf(columns: SeriesColumns): Track | null {
  return [fromDistance, fromSpeed, fromPosition].map((source) => source(columns)).find(isMotion) ?? null;
}

/** A distance that never grows is no measurement: a trainer without a speed sensor writes zeros. */
function isMotion(track: Track | null): track is Track {
  return track !== null && track.timeS.length > 1 && track.distanceM.some((metres) => metres > track.distanceM[0]!);
}

function fromDistance({ timeS, distanceM }: SeriesColumns): Track | null {
  if (distanceM === undefined) return null;
  const track: Track = { timeS: [], distanceM: [] };
  for (let i = 0; i < timeS.length; i++) {
    if (Number.isNaN(distanceM[i]!)) continue;
    track.timeS.push(timeS[i]!);
    track.distanceM.push(distanceM[i]!);
  }
  return track;
}

/** Speed says what was covered since the point before; across a gap it says nothing. */
function fromSpeed({ timeS, speedMps }: SeriesColumns): Track | null {
  if (speedMps === undefined) return null;
  const track: Track = { timeS: [], distanceM: [] };
  let metres = 0;
  for (let i = 0; i < timeS.length; i++) {
    if (Number.isNaN(speedMps[i]!)) continue;
    const stepS = timeS[i]! - (track.timeS.at(-1) ?? timeS[i]!);
    if (stepS > 0 && stepS <= GAP_S) metres += speedMps[i]! * stepS;
    track.timeS.push(timeS[i]!);
    track.distanceM.push(metres);
  }
  return track;
}

function fromPosition({ timeS, latitudeDeg, longitudeDeg }: SeriesColumns): Track | null {
  if (latitudeDeg === undefined || longitudeDeg === undefined) return null;
  const track: Track = { timeS: [], distanceM: [] };
  let last = -1;
  let metres = 0;
  for (let i = 0; i < timeS.length; i++) {
    if (Number.isNaN(latitudeDeg[i]!) || Number.isNaN(longitudeDeg[i]!)) continue;
    if (last >= 0) {
      metres += metresBetween(latitudeDeg[last]!, longitudeDeg[last]!, latitudeDeg[i]!, longitudeDeg[i]!);
    }
    track.timeS.push(timeS[i]!);
    track.distanceM.push(metres);
    last = i;
  }
  return track;
}
