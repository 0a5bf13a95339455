/** Tokens that are in no row: fresh from a code, or of a connection that has ended. Held by one piece of work. */
import type { TokenSet } from '../provider/auth.ts';
import type { Clock } from './ports.ts';
import type { OAuthProvider, TokenEndpoint } from './token-endpoint.ts';
import type { TokenSource } from './token-http.ts';
import { readTokenBody } from './token-set.ts';
import { isUsable } from './token-state.ts';

export interface MemoryTokens extends TokenSource {
  tokens(): TokenSet;
  /** Whether they were refreshed, so that the ones it began with are spent. */
  hasChanged(): boolean;
}

export function memoryTokens(
  { endpoint, clock }: { endpoint: TokenEndpoint; clock: Clock },
  provider: OAuthProvider,
  { connectionId }: { connectionId: string },
  first: TokenSet,
): MemoryTokens {
  let held = first;

  async function renew(): Promise<string | null> {
    if (held.refreshToken === null) return null;
    const answer = await endpoint.refresh(provider, held.refreshToken, connectionId);
    const next = answer.type === 'tokens' ? readTokenBody(provider.adapter.auth, answer.body, clock.now(), held) : null;
    if (next === null) return null;
    held = next;
    return held.accessToken;
  }

  return {
    tokens: () => held,
    hasChanged: () => held !== first,
    async current() {
      if (isUsable(provider, held, null, clock.now())) return held.accessToken;
      return (await renew()) ?? held.accessToken;
    },
    renewed: () => renew(),
  };
}
