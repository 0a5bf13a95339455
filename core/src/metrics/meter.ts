/** Where the hub tells what it counts. Core knows no metrics library: the server adapts one to this. */
import type { CounterName, HistogramName, LabelsOf } from './metric.ts';

/** Both are called on hot paths: they return at once and never throw. */
export interface Meter {
  /** One more, or `by` more. */
  count<N extends CounterName>(metric: N, labels: LabelsOf<N>, by?: number): void;
  /** One more measured value, in the unit the name ends with. */
  observe<N extends HistogramName>(metric: N, labels: LabelsOf<N>, value: number): void;
}

export const silentMeter: Meter = { count() {}, observe() {} };
