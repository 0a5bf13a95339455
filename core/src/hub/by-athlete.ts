/** Athletes side by side, the envelopes of each one after the other: they would only wait for each other's lock. */
import type { Envelope } from '../store/inbox-store.ts';

const ATHLETES_AT_ONCE = 16;

/** Rejects with the first failure once every athlete under way has ended. */
export async function byAthlete(
  envelopes: readonly Envelope[],
  work: (envelopes: Envelope[]) => Promise<void>,
): Promise<void> {
  const groups = new Map<string, Envelope[]>();
  for (const envelope of envelopes)
    groups.set(envelope.athleteId, [...(groups.get(envelope.athleteId) ?? []), envelope]);
  const waiting = [...groups.values()];
  const workers = Array.from({ length: Math.min(ATHLETES_AT_ONCE, waiting.length) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  });
  const ended = await Promise.allSettled(workers);
  for (const worker of ended) if (worker.status === 'rejected') throw worker.reason;
}
