import type { MiddlewareHandler } from 'hono';
import type { Deps } from '../deps.ts';
import type { HubEnv } from '../hub-env.ts';

/** One line per request. It names the route's pattern: an address may hold a webhook secret, a ticket or a state. */
export function accessLog({ clock, log }: Pick<Deps, 'clock' | 'log'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const startedAtMs = clock.now();
    await next();
    log.debug('request answered', {
      requestId: c.get('requestId'),
      method: c.req.method,
      route: c.get('route'),
      status: c.res.status,
      durationMs: clock.now() - startedAtMs,
      bytes: c.get('bytes'),
    });
  };
}
