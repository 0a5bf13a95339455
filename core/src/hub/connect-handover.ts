/** The provider's redirect where an app waits: the browser is sent on to it, and the state stays unspent. */
import { assertReturnUrl } from './connect-return-url.ts';
import { stateHash } from './connect-state.ts';
import type { ConnectRedirect } from './hub.ts';
import type { HubParts } from './hub-parts.ts';

export type HandoverParts = Pick<HubParts, 'store' | 'clock' | 'config'>;

/**
 * Null where there is nothing to hand over: no app waits, the consent page ended without a code, or the state is not
 * known, which `finishConnect` answers.
 *
 * Whoever opens a consent link could be anybody. Were the connection finished in that browser, a link sent to somebody
 * would connect their account to the athlete who sent it.
 *
 * @throws HubError `return_url_not_allowed`, when it was taken off the list meanwhile.
 */
export async function handover(
  { store, clock, config }: HandoverParts,
  provider: string,
  { state = '', code = '', error }: { readonly [name: string]: string },
): Promise<Extract<ConnectRedirect, { type: 'to_app' }> | null> {
  if (state === '' || code === '' || error !== undefined) return null;
  const attempt = await store.peekAttempt(stateHash(state), clock.now());
  if (attempt === null || attempt.plugin !== provider || attempt.returnUrl === null) return null;
  assertReturnUrl(attempt.returnUrl, config);
  return { type: 'to_app', returnUrl: attempt.returnUrl, code, state };
}
