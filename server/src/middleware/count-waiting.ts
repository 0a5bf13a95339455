import type { MiddlewareHandler } from 'hono';
import { createRightOfWay } from '../endpoint/right-of-way.ts';
import type { HubEnv } from '../hub-env.ts';

/** Counts requests while they are being answered. An event stream has its answer when it begins. */
export function countWaiting(): MiddlewareHandler<HubEnv> {
  const rightOfWay = createRightOfWay();
  return async (c, next) => {
    c.set('rightOfWay', rightOfWay);
    const leave = rightOfWay.enter();
    try {
      await next();
    } finally {
      leave();
    }
  };
}
