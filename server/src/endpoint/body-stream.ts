import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';

/** Methods whose requests carry no body that means anything (RFC 9110, 9.3). */
const BODILESS = new Set(['GET', 'HEAD']);

/**
 * The body as it comes in, or null where there is none; that of a large one gives way to short requests. Leaving it
 * half read keeps the connection for the answer.
 */
export function bodyStream(c: Context<HubEnv>): AsyncIterable<Uint8Array> | null {
  if (BODILESS.has(c.req.method)) return null;
  const body = ownStream(c) ?? c.req.raw.body;
  return body === null ? null : c.get('rightOfWay').givingWay(body);
}

/** Node's own stream where there is one: it is several times cheaper than its web form. */
function ownStream(c: Context<HubEnv>): AsyncIterable<Uint8Array> | undefined {
  return c.env?.incoming?.iterator({ destroyOnReturn: false });
}
