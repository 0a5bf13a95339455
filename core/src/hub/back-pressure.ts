/** Tells vendors to come again later before the hub takes in more than it can work off. What is refused is not stored. */
import { HubError } from '../error/hub-error.ts';
import type { InboundRequest } from './hub.ts';
import type { HubParts } from './hub-parts.ts';

/** A webhook of more is large. */
const LARGE_BYTES = 1024 * 1024;
/** How long a look at the inbox counts, ms. */
const LOOK_MS = 1_000;
const RETRY_AFTER_S = 30;

export interface BackPressure {
  /** Runs a request that is let in. @throws HubError `busy`, before its body is read. */
  admit<T>(request: InboundRequest, take: () => Promise<T>): Promise<T>;
}

export function createBackPressure({
  store,
  clock,
  config,
}: Pick<HubParts, 'store' | 'clock' | 'config'>): BackPressure {
  const { inboxLength, largeWebhooks } = config.limits;
  let waiting = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let large = 0;

  /** Deliveries and envelopes that wait, as of the last look, and what was let in since. */
  async function inboxIsFull(): Promise<boolean> {
    const nowMs = clock.now();
    if (nowMs - lookedAtMs >= LOOK_MS || nowMs < lookedAtMs) {
      lookedAtMs = nowMs;
      const { deliveries, envelopesNew } = await store.inboxCounts();
      waiting = deliveries + envelopesNew;
    }
    return waiting >= inboxLength;
  }

  return {
    async admit(request, take) {
      if (await inboxIsFull()) throw busy(`${waiting} deliveries and envelopes wait to be read.`);
      const isLarge = request.contentLength === null || request.contentLength > LARGE_BYTES;
      if (isLarge && large >= largeWebhooks) throw busy(`${large} large deliveries are being received.`);
      if (isLarge) large += 1;
      try {
        const answer = await take();
        waiting += 1;
        return answer;
      } finally {
        if (isLarge) large -= 1;
      }
    },
  };
}

function busy(why: string): HubError {
  return new HubError('busy', {
    what: 'The delivery was not taken in.',
    why,
    fix: 'Send it again as late as Retry-After says.',
    details: { retryAfterS: RETRY_AFTER_S },
  });
}
