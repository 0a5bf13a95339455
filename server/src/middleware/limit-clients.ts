import { DEFAULT_LIMITS, HubError } from '@coach-hub/core';
import type { MiddlewareHandler } from 'hono';
import type { Deps } from '../deps.ts';
import type { HubEnv } from '../hub-env.ts';
import { clientAddress } from './client-address.ts';
import { tokenBuckets } from './token-buckets.ts';

/**
 * What vendors, balancers and operators ask is not counted: vendors send in bursts from few addresses, and what they
 * may send is limited by the length of the inbox.
 */
const NOT_COUNTED = /^\/(?:webhooks\/|healthz$|readyz$|metrics$)/;

/** Holds each client to the size and the number of its requests. @throws HubError `too_many_requests`. */
export function limitClients({ clock, config }: Pick<Deps, 'clock' | 'config'>): MiddlewareHandler<HubEnv> {
  const { bodyBytes, requestsPerS, requestBurst } = { ...DEFAULT_LIMITS, ...config.limits };
  const buckets = requestsPerS === 0 ? null : tokenBuckets({ perSecond: requestsPerS, size: requestBurst });
  return async (c, next) => {
    c.set('maxBodyBytes', bodyBytes);
    const client = NOT_COUNTED.test(c.req.path) ? null : clientAddress(c, config.trustProxy);
    const waitMs = client === null ? 0 : (buckets?.take(client, clock.now()) ?? 0);
    if (waitMs > 0) throw tooMany(Math.ceil(waitMs / 1_000), requestsPerS);
    await next();
  };
}

function tooMany(retryAfterS: number, requestsPerS: number): HubError {
  return new HubError('too_many_requests', {
    what: 'The request was not looked at.',
    why: `This client address has sent more than ${requestsPerS} requests a second for a while.`,
    fix: 'Wait as long as Retry-After says, and go on slower.',
    details: { retryAfterS },
  });
}
