import type { MiddlewareHandler } from 'hono';
import type { HubEnv } from '../hub-env.ts';

/** HEAD is answered by the GET route, whose body nobody reads: cancelled, so that an open file behind it is closed. */
export const dropHeadBody: MiddlewareHandler<HubEnv> = async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
};
