/** Tells vendors to come again later before the hub takes in more than it can work off. What is refused is not stored. */
import { HubError } from '../error/hub-error.ts';
import type { InboundRequest } from './hub.ts';
import type { HubParts } from './hub-parts.ts';

/** A webhook of more is large. */
const LARGE_BYTES = 1024 * 1024;
/** How long a look at the inbox counts, ms. */
const LOOK_MS = 1_000;
const RETRY_AFTER_S = 30;

/** One that takes long to come in, as far as can be told before it does. */
export function isLargeRequest({ contentLength }: InboundRequest): boolean {
  return contentLength === null || contentLength > LARGE_BYTES;
}

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
  let stored = 0;
  let underWay = 0;
  let large = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  /** Nobody waits for the look: who came first must be stored first. */
  function look(): void {
    const nowMs = clock.now();
    if (nowMs - lookedAtMs < LOOK_MS && nowMs >= lookedAtMs) return;
    lookedAtMs = nowMs;
    store.inboxLength().then(
      (length) => {
        stored = length;
      },
      // A database that cannot be asked cannot store the delivery either, and that is told.
      () => undefined,
    );
  }

  return {
    async admit(request, take) {
      look();
      if (stored + underWay >= inboxLength) throw busy(`${stored} deliveries and envelopes wait to be read.`);
      const isLarge = isLargeRequest(request);
      if (isLarge && large >= largeWebhooks) throw busy(`${large} large deliveries are being received.`);
      underWay += 1;
      if (isLarge) large += 1;
      try {
        const answer = await take();
        stored += 1;
        return answer;
      } finally {
        underWay -= 1;
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
