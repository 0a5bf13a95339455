/** Reading irregular series in which a value holds until the next sample that carries it. */

/** A stretch of a recording, with its clock and its timer. */
export interface Span {
  timeS: Float64Array;
  timerS: Float64Array | null;
  fromS: number;
  toS: number;
}

/** Index of the last point at or before a time; -1 before the first. */
export function lastIndexAt(timeS: Float64Array, atS: number): number {
  let low = 0;
  let high = timeS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeS[middle]! <= atS) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function firstIndexFrom(timeS: Float64Array, atS: number): number {
  const last = lastIndexAt(timeS, atS);
  return last >= 0 && timeS[last] === atS ? last : last + 1;
}

/** What a column says at a time, from the last sample that carried a value; null before the first. */
export function valueAt(timeS: Float64Array, column: Float64Array | null | undefined, atS: number): number | null {
  if (column === null || column === undefined) return null;
  for (let i = lastIndexAt(timeS, atS); i >= 0; i--) if (!Number.isNaN(column[i]!)) return column[i]!;
  return null;
}

/**
 * Mean over a span, each value weighted by how long it held on the timer, so that pauses weigh nothing. Without a
 * timer the clock counts.
 *
 * @param counts which values count; the time of the others weighs nothing.
 */
export function meanHeld(
  column: Float64Array | undefined,
  { timeS, timerS, fromS, toS }: Span,
  counts: (value: number) => boolean = () => true,
): number | null {
  if (column === undefined) return null;
  const runsAt = (atS: number) => valueAt(timeS, timerS, atS) ?? atS;
  let weight = 0;
  let sum = 0;
  let since: number | null = null;
  let held = Number.NaN;
  const close = (atS: number) => {
    if (since === null || !counts(held)) return;
    const seconds = Math.max(0, runsAt(atS) - runsAt(since));
    weight += seconds;
    sum += held * seconds;
  };
  for (let i = firstIndexFrom(timeS, fromS); i < timeS.length && timeS[i]! < toS; i++) {
    if (Number.isNaN(column[i]!)) continue;
    close(timeS[i]!);
    since = timeS[i]!;
    held = column[i]!;
  }
  close(toS);
  if (weight > 0) return sum / weight;
  return since !== null && counts(held) ? held : null;
}

/** Highest value within a span, or null when there is none. */
export function highestIn(column: Float64Array | undefined, { timeS, fromS, toS }: Span): number | null {
  if (column === undefined) return null;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = firstIndexFrom(timeS, fromS); i < timeS.length && timeS[i]! < toS; i++) {
    if (column[i]! > highest) highest = column[i]!;
  }
  return Number.isFinite(highest) ? highest : null;
}
