import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';

/** Sends the browser back into the app. The link comes from core, which checked it against the allow list. */
export function replyReturn(c: Context<HubEnv>, returnUrl: string, outcome: { [name: string]: string }): Response {
  const target = new URL(returnUrl);
  for (const [name, value] of Object.entries(outcome)) target.searchParams.set(name, value);
  return c.redirect(target.href, 303);
}
