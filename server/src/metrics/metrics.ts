import type { Meter, Reading } from '@coach-hub/core';

/** One answered request, in words that cannot grow without bound. */
export interface AnsweredRequest {
  method: string;
  /** Pattern of the route, `none` where none matched: an address would be a series of its own. */
  route: string;
  status: number;
  seconds: number;
}

/** Figures of one server. Two servers in one process share nothing. */
export interface Metrics {
  /** For the hub, which counts without knowing where to. */
  meter: Meter;
  answered(request: AnsweredRequest): void;
  /** Everything counted so far, as Prometheus reads it. `readings` null: they could not be had just now. */
  scrape(readings: readonly Reading[] | null): Promise<{ mediaType: string; text: string }>;
}
