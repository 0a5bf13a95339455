import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';

/** The declared length of the body in bytes; null when none came. */
export function contentLength(c: Context<HubEnv>): number | null {
  const declared = c.req.header('content-length');
  return declared !== undefined && /^\d{1,15}$/.test(declared) ? Number(declared) : null;
}
