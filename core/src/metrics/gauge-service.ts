/**
 * Gauges: what waits, what is connected, what is left. Read from the store when somebody asks.
 *
 * The same figures answer everybody who asks within a few seconds, so that a scraper in a hurry costs nothing.
 */
import type { GaugeService } from '../hub/hub.ts';
import type { HubParts } from '../hub/hub-parts.ts';
import type { Reading } from './metric.ts';
import { readingsOf } from './readings.ts';

/** Readings this old are read again. */
const FRESH_MS = 5_000;
/** To count blobs every file is looked at. */
const BLOBS_FRESH_MS = 300_000;

export type GaugeParts = Pick<HubParts, 'store' | 'queue' | 'blobs' | 'egress' | 'adapterPool' | 'clock'>;

export function createGaugeService(parts: GaugeParts): GaugeService {
  const blobs = remembered(parts, BLOBS_FRESH_MS, () => parts.blobs.usage());
  const readings = remembered(parts, FRESH_MS, async (): Promise<Reading[]> => {
    const [inbox, jobs, figures, budgets, usage] = await Promise.all([
      parts.store.inboxCounts(),
      parts.queue.countsByTask(),
      parts.store.figures(),
      parts.egress.budgets(),
      blobs(),
    ]);
    return readingsOf({ inbox, jobs, figures, budgets, blobs: usage, decode: parts.adapterPool.load() });
  });
  return { read: readings };
}

/** Asks again when the last answer is too old; one that failed is not kept. */
function remembered<T>({ clock }: Pick<GaugeParts, 'clock'>, freshMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { atMs: number; answer: Promise<T> } | null = null;
  return () => {
    const atMs = clock.now();
    if (last !== null && atMs - last.atMs < freshMs) return last.answer;
    const answer = ask();
    const asked = { atMs, answer };
    last = asked;
    answer.catch(() => {
      if (last === asked) last = null;
    });
    return answer;
  };
}
