import type { MiddlewareHandler } from 'hono';
import type { Deps } from '../deps.ts';
import type { HubEnv } from '../hub-env.ts';

/** Tells the metrics how each request was answered, by the pattern of its route. */
export function measure({ clock, metrics }: Pick<Deps, 'clock' | 'metrics'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const startedAtMs = clock.now();
    await next();
    metrics?.answered({
      method: c.req.method,
      route: c.get('route'),
      status: c.res.status,
      seconds: (clock.now() - startedAtMs) / 1_000,
    });
  };
}
