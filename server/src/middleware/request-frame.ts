import type { MiddlewareHandler } from 'hono';
import type { Deps } from '../deps.ts';
import type { HubEnv } from '../hub-env.ts';

/** What an id of a proxy may look like before it reaches our log. */
const FOREIGN_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** The headers every answer has, and the request's id. Answers are personal, so nothing between may keep them. */
export function requestFrame({ config, random }: Pick<Deps, 'config' | 'random'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const foreignId = config.trustProxy ? c.req.header('x-request-id') : undefined;
    const requestId = foreignId !== undefined && FOREIGN_ID.test(foreignId) ? foreignId : random.uuid();
    c.set('requestId', requestId);
    c.set('route', 'none');
    c.set('bytes', null);
    c.set('failuresAs', 'problem');
    c.header('X-Request-Id', requestId);
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    await next();
  };
}
