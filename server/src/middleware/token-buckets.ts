/** How much each of many clients may still do: a bucket of tokens each, refilled as time goes by. */

/** Clients remembered; of more, those that were not seen for longest are forgotten, and begin with a full bucket. */
const MOST_CLIENTS = 20_000;

export interface TokenBuckets {
  /** Takes a token. @returns 0, or how long the client has to wait for one, ms. */
  take(client: string, nowMs: number): number;
}

/** @param perSecond tokens that come back; `size`: tokens of a full bucket. */
export function tokenBuckets({ perSecond, size }: { perSecond: number; size: number }): TokenBuckets {
  const buckets = new Map<string, { tokens: number; atMs: number }>(); // those seen last at the end
  return {
    take(client, nowMs) {
      const known = buckets.get(client) ?? { tokens: size, atMs: nowMs };
      const passedMs = Math.max(0, nowMs - known.atMs);
      const tokens = Math.min(size, known.tokens + (passedMs / 1_000) * perSecond);
      const isGiven = tokens >= 1;
      buckets.delete(client);
      buckets.set(client, { tokens: isGiven ? tokens - 1 : tokens, atMs: nowMs });
      if (buckets.size > MOST_CLIENTS) buckets.delete(buckets.keys().next().value as string);
      return isGiven ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1_000);
    },
  };
}
