/** A series in as many points as a chart has room for; `lttb.ts` has the method and its source. */
import type { Channel, SeriesColumns } from '../formats/decoded.ts';
import { lttbIndexes } from './lttb.ts';

/** What a chart draws: values beside their times, `null` in a gap. */
export interface SampledSeries {
  timeS: number[];
  channels: { [C in Channel]?: (number | null)[] };
}

/**
 * One channel in at most `points` points, first and last among them, peaks kept.
 *
 * @throws RangeError when `points` is not a positive whole number.
 */
export function downsample(
  timeS: Float64Array,
  values: Float64Array,
  points: number,
): { timeS: number[]; values: (number | null)[] } {
  const indexes = lttbIndexes(timeS, [values], points);
  return { timeS: Array.from(indexes, (i) => timeS[i]!), values: valuesAt(values, indexes) };
}

/**
 * The asked channels in at most `points` points, at the same times for all of them. A channel the series does not have
 * is absent; `timeS` is always there.
 *
 * @throws RangeError when `points` is not a positive whole number.
 */
export function downsampleSeries(columns: SeriesColumns, channels: readonly Channel[], points: number): SampledSeries {
  const asked = channels.flatMap((name) => {
    const values = name === 'timeS' ? undefined : columns[name];
    return values === undefined ? [] : [{ name, values }];
  });
  const indexes = lttbIndexes(
    columns.timeS,
    asked.map(({ values }) => values),
    points,
  );
  const sampled: SampledSeries = { timeS: Array.from(indexes, (i) => columns.timeS[i]!), channels: {} };
  for (const { name, values } of asked) sampled.channels[name] = valuesAt(values, indexes);
  return sampled;
}

function valuesAt(values: Float64Array, indexes: Uint32Array): (number | null)[] {
  return Array.from(indexes, (i) => (Number.isNaN(values[i]!) ? null : values[i]!));
}
