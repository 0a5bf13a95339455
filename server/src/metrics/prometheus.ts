/** Metrics in a prom-client registry of their own; the library's global one stays empty. */
import { METRICS, type MetricFacts, type MetricName, type Reading } from '@coach-hub/core';
import type { Registry } from 'prom-client';
import { boundedLabels, type Labels } from './bounded-labels.ts';
import type { Metrics } from './metrics.ts';

export interface PrometheusOptions {
  /** Of Coach Hub. */
  version: string;
  /** Figures of the process too: processor time, memory, event-loop delay, garbage collection. Default true. */
  process?: boolean;
}

/** From a cache hit to a vendor that takes its time, s. */
const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Sets of labels of one metric. Routes × statuses × methods stay well below. */
const MOST_SERIES = 500;

type Library = typeof import('prom-client');

/** The library is loaded here and not at import: commands that serve nothing use this package too. */
export async function createPrometheus({ version, process = true }: PrometheusOptions): Promise<Metrics> {
  const library = await import('prom-client');
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = library;
  const registry = new Registry();
  if (process) collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'coach_build_info',
    help: 'Always 1; the label tells which version runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  const storeUp = new Gauge({
    name: 'coach_store_up',
    help: 'Whether the figures of the database could be read for this scrape: 1 or 0.',
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'coach_http_request_duration_seconds',
    help: 'Time until the answer to a request began, by method, pattern of the route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const boundRequest = boundedLabels(MOST_SERIES);
  const hub = hubMetrics(registry, library);

  return {
    meter: {
      count: (metric, labels, by = 1) => hub.counters.get(metric)?.(labels, by),
      observe: (metric, labels, value) => hub.histograms.get(metric)?.(labels, value),
    },
    answered({ method, route, status, seconds }) {
      requests.observe(boundRequest({ method, route, status: String(status) }), seconds);
    },
    async scrape(readings) {
      storeUp.set(readings === null ? 0 : 1);
      for (const gauge of hub.gauges.values()) gauge.reset();
      for (const reading of readings ?? []) hub.gauges.get(reading.metric)?.set(reading);
      return { mediaType: registry.contentType, text: await registry.metrics() };
    },
  };
}

type Add = (labels: Labels, value: number) => void;

interface GaugeSeries {
  reset(): void;
  set(reading: Reading): void;
}

/** One metric of the library for each of core's. */
function hubMetrics(registry: Registry, { Counter, Gauge, Histogram }: Library) {
  const counters = new Map<MetricName, Add>();
  const histograms = new Map<MetricName, Add>();
  const gauges = new Map<MetricName, GaugeSeries>();
  for (const [name, { type, help, labels }] of Object.entries(METRICS) as [MetricName, MetricFacts][]) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const bound = boundedLabels(MOST_SERIES);
    if (type === 'counter') {
      const counter = new Counter(options);
      counters.set(name, (each, by) => counter.inc(bound(each), by));
    } else if (type === 'histogram') {
      const histogram = new Histogram({ ...options, buckets: BUCKETS });
      histograms.set(name, (each, value) => histogram.observe(bound(each), value));
    } else {
      const gauge = new Gauge(options);
      // `inc` and not `set`: series beyond the bound are added up in the one of the word "other".
      gauges.set(name, {
        reset: () => gauge.reset(),
        set: (reading) => gauge.inc(bound(reading.labels), reading.value),
      });
    }
  }
  return { counters, histograms, gauges };
}
