/** First step of connecting: an address for the athlete's browser, and a note of who asked. */
import { HubError } from '../error/hub-error.ts';
import type { ConnectionRow, ConnectionState } from '../store/connection-store.ts';
import { assertReturnUrl } from './connect-return-url.ts';
import { challengeOf, newSecret, stateHash } from './connect-state.ts';
import type { ConnectService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth, type TokenEndpoint } from './token-endpoint.ts';

/** Time an athlete has for the provider's consent page. */
export const ATTEMPT_MS = 10 * 60 * 1000;

export type StartParts = Pick<HubParts, 'store' | 'plugins' | 'vault' | 'clock' | 'random' | 'config'> & {
  endpoint: TokenEndpoint;
};

export async function startConnect(
  parts: StartParts,
  { athleteId, clientId, provider: id, returnUrl }: Parameters<ConnectService['start']>[0],
): ReturnType<ConnectService['start']> {
  const provider = asOAuth(parts.plugins.provider(id));
  const redirectUri = redirectUriOf(parts.config.publicUrl, id);
  assertReturnUrl(returnUrl, parts.config);
  const { connectionId } = (await earlierRow(parts, athleteId, id)) ?? (await pendingRow(parts, athleteId, id));
  const state = newSecret(parts.random);
  const verifier = newSecret(parts.random);
  const expiresAtMs = parts.clock.now() + ATTEMPT_MS;
  const stateSha256 = stateHash(state);
  await parts.store.saveAttempt({
    stateSha256,
    athleteId,
    clientId,
    plugin: id,
    connectionId,
    sealedVerifier: parts.vault.seal(verifier, verifierBinding(stateSha256)),
    redirectUri,
    returnUrl,
    expiresAtMs,
  });
  const challenge = provider.adapter.auth.pkce ? challengeOf(verifier) : null;
  const authorizeUrl = await parts.endpoint.authorizeUrl(provider, { redirectUri, state, challenge });
  return { connectionId, authorizeUrl, expiresAt: new Date(expiresAtMs).toISOString() };
}

export function verifierBinding(stateSha256: string): string {
  return `attempt:${stateSha256}`;
}

function redirectUriOf(publicUrl: string | null, provider: string): string {
  if (publicUrl !== null) return `${publicUrl.replace(/\/+$/, '')}/v1/connections/callback/${provider}`;
  throw new HubError('public_url_required', {
    what: 'Accounts cannot be connected.',
    why: 'The provider must send the athlete’s browser back here, and publicUrl is not set.',
    fix: 'Set publicUrl, or COACH_PUBLIC_URL, to the address under which phones reach this hub.',
  });
}

const PREFERENCE: readonly ConnectionState[] = ['connected', 'revoked', 'disconnected', 'pending'];

/** Connecting again keeps the id, so that what was read before stays with the account. */
async function earlierRow({ store }: StartParts, athleteId: string, plugin: string): Promise<ConnectionRow | null> {
  const rows = (await store.connectionsOf(athleteId)).filter((row) => row.plugin === plugin);
  rows.sort((a, b) => PREFERENCE.indexOf(a.state) - PREFERENCE.indexOf(b.state));
  return rows[0] ?? null;
}

async function pendingRow({ store, random }: StartParts, athleteId: string, plugin: string): Promise<ConnectionRow> {
  const row: ConnectionRow = {
    connectionId: `con_${random.uuid().replaceAll('-', '')}`,
    athleteId,
    plugin,
    state: 'pending',
    generation: 0,
    identity: null,
    permissions: [],
    sealedTokens: null,
    tokenExpiresAtMs: null,
    connectedAtMs: null,
    reason: null,
  };
  await store.saveConnection(row, null);
  return row;
}
