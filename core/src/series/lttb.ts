/**
 * Which points of a series to show where there is room for few: Largest Triangle Three Buckets.
 *
 * Source: Sveinn Steinarsson, "Downsampling Time Series for Visual Representation", MSc thesis, University of Iceland,
 * 2013, §4.2. The points between the first and the last are dealt into equal buckets; of each bucket the point stays that
 * spans the largest triangle with the point chosen before and the mean of the next bucket. Peaks and turns survive.
 *
 * Two things are ours, since several channels share one set of points and channels have gaps:
 * - A triangle is measured per channel in units of that channel's range, and a point's triangles are added up.
 * - Only points of a bucket with the most values take part. So a short dropout is not mistaken for a gap, and a gap
 *   that fills a bucket stays one.
 */

/**
 * Indexes of the points that stay, ascending: all when there are no more than `points`, else exactly `points`.
 *
 * @param columns of the length of `timeS`; `NaN` is a gap.
 * @throws RangeError when `points` is not a positive whole number.
 */
export function lttbIndexes(timeS: Float64Array, columns: readonly Float64Array[], points: number): Uint32Array {
  if (!Number.isInteger(points) || points < 1) throw new RangeError(`points: expected 1 or more, got ${points}`);
  const length = timeS.length;
  if (length <= points) return Uint32Array.from(timeS, (_, i) => i);
  const chosen = new Uint32Array(points); // the first stays
  if (points === 1) return chosen;
  chosen[points - 1] = length - 1;
  const channels = columns.map((values) => ({ values, weight: weightOf(values) }));
  const bucketSize = (length - 2) / (points - 2);
  const bucketStart = (bucket: number) => Math.min(length - 1, Math.floor(bucket * bucketSize) + 1);
  for (let bucket = 0; bucket < points - 2; bucket++) {
    const start = bucketStart(bucket);
    const end = bucketStart(bucket + 1);
    const nextEnd = bucket === points - 3 ? length : bucketStart(bucket + 2);
    const previous = chosen[bucket]!;
    const triangles = channels.map(({ values, weight }) => triangleOf(timeS, values, weight, previous, end, nextEnd));
    chosen[bucket + 1] = largest(triangles, start, end);
  }
  return chosen;
}

/** The two corners a bucket's points share, of one channel. */
interface Triangle {
  timeS: Float64Array;
  values: Float64Array;
  weight: number;
  beforeS: number;
  before: number;
  afterS: number;
  after: number;
}

function triangleOf(
  timeS: Float64Array,
  values: Float64Array,
  weight: number,
  previous: number,
  nextStart: number,
  nextEnd: number,
): Triangle {
  const mean = meanOf(values, nextStart, nextEnd);
  const value = values[previous]!;
  // At the edge of a gap one corner is missing: its other corner's value stands in, so what deviates from it stays.
  const before = Number.isNaN(value) ? mean : value;
  const after = Number.isNaN(mean) ? value : mean;
  return { timeS, values, weight, beforeS: timeS[previous]!, before, afterS: meanOf(timeS, nextStart, nextEnd), after };
}

function largest(triangles: readonly Triangle[], start: number, end: number): number {
  let best = start;
  let bestArea = -1;
  let bestPresent = -1;
  for (let i = start; i < end; i++) {
    let area = 0;
    let present = 0;
    for (const triangle of triangles) {
      const value = triangle.values[i]!;
      if (Number.isNaN(value)) continue;
      present++;
      const own = areaAt(triangle, value, i);
      if (own > 0) area += own; // not when NaN: a bucket between two gaps
    }
    if (present < bestPresent || (present === bestPresent && area <= bestArea)) continue;
    best = i;
    bestArea = area;
    bestPresent = present;
  }
  return best;
}

/** Twice the triangle's area, in ranges of the channel times seconds. */
function areaAt({ timeS, weight, beforeS, before, afterS, after }: Triangle, value: number, i: number): number {
  return Math.abs((beforeS - afterS) * (value - before) - (beforeS - timeS[i]!) * (after - before)) * weight;
}

/** One over the range of a channel; 0 when it never changes, so that it never decides. */
function weightOf(values: Float64Array): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return highest > lowest ? 1 / (highest - lowest) : 0;
}

/** Mean of the values that are there; `NaN` when none is. */
function meanOf(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  let count = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
