/** Second step: the provider sent the athlete's browser back. The state is spent first; whatever follows, it is used. */
import { type Pause, pause as realPause } from '../egress/pause.ts';
import { HubError } from '../error/hub-error.ts';
import type { ConnectedIdentity, TokenSet } from '../provider/auth.ts';
import type { ConnectAttempt, ConnectionRow } from '../store/connection-store.ts';
import { consentFailed, exchangeRefused, stateInvalid } from './connect-errors.ts';
import { verifierBinding } from './connect-start.ts';
import { stateHash } from './connect-state.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth, type OAuthProvider, oauthErrorOf, type TokenEndpoint } from './token-endpoint.ts';
import { httpWith } from './token-http.ts';
import { type MemoryTokens, memoryTokens } from './token-memory.ts';
import { readTokenBody, sealTokens, type TokenBody } from './token-set.ts';

export type CallbackParts = Pick<HubParts, 'store' | 'plugins' | 'egress' | 'vault' | 'clock' | 'random' | 'log'> & {
  endpoint: TokenEndpoint;
  pause?: Pause;
};

/** Who brings the code, where it reaches us through the app and not straight from a browser. */
export interface CallbackCaller {
  athleteId: string;
  clientId: string | null;
}

export interface Connected {
  row: ConnectionRow;
  identity: ConnectedIdentity;
}

/** Some providers cannot name the account for a moment after consent. */
const IDENTITY_WAITS_MS: readonly number[] = [500, 1_500];
const SAVE_TRIES = 3;

/**
 * @param caller null for a browser, which may finish only what no app waits for.
 * @throws HubError as `ConnectService.callback`; `details.returnUrl` tells where the app waits.
 */
export async function finishConnect(
  parts: CallbackParts,
  id: string,
  query: { readonly [name: string]: string },
  caller: CallbackCaller | null,
): Promise<Connected> {
  const { state = '', code = '', error } = query;
  const attempt = state === '' ? null : await parts.store.takeAttempt(stateHash(state), parts.clock.now());
  if (attempt === null) throw stateInvalid('It was used already, has expired, or was never given out.', null);
  if (attempt.plugin !== id) throw stateInvalid('It was given out for another provider.', null);
  if (caller && !isStartedBy(attempt, caller)) throw stateInvalid('Somebody else started it.', null);
  const provider = asOAuth(parts.plugins.provider(id));
  if (error !== undefined || code === '') {
    await markDeclined(parts, attempt);
    throw consentFailed(provider, error ?? 'no code', attempt.returnUrl);
  }
  if (attempt.returnUrl !== null && caller === null) throw stateInvalid('Only the app can finish it.', null);
  const { body, tokens } = await exchange(parts, provider, attempt, code);
  const session = memoryTokens(parts, provider, attempt, tokens);
  const identity = await identify(parts, provider, attempt, body, session);
  // The session's: finding the identity may have refreshed them.
  const row = await saveConnected(parts, provider, attempt, identity, session.tokens(), body);
  return { row, identity };
}

function isStartedBy({ athleteId, clientId }: ConnectAttempt, caller: CallbackCaller): boolean {
  return caller.athleteId === athleteId && (clientId === null || caller.clientId === clientId);
}

async function exchange(
  parts: CallbackParts,
  provider: OAuthProvider,
  attempt: ConnectAttempt,
  code: string,
): Promise<{ body: TokenBody; tokens: TokenSet }> {
  const { auth } = provider.adapter;
  const verifier = auth.pkce ? parts.vault.open(attempt.sealedVerifier, verifierBinding(attempt.stateSha256)) : null;
  const answer = await parts.endpoint.exchange(provider, { code, redirectUri: attempt.redirectUri, verifier });
  if (answer.type === 'refused')
    throw exchangeRefused(provider, answer.status, oauthErrorOf(answer.body), attempt.returnUrl);
  const tokens = readTokenBody(auth, answer.body, parts.clock.now(), null);
  if (!tokens) throw exchangeRefused(provider, 502, 'no access token', attempt.returnUrl);
  return { body: answer.body, tokens };
}

/** Asks whose account it is, with the fresh token that no row holds yet. */
async function identify(
  parts: CallbackParts,
  provider: OAuthProvider,
  { connectionId, returnUrl }: ConnectAttempt,
  body: TokenBody,
  session: MemoryTokens,
): Promise<ConnectedIdentity> {
  const http = httpWith(parts.egress, { plugin: provider.id, connectionId }, session);
  for (const waitMs of [...IDENTITY_WAITS_MS, null]) {
    try {
      return await provider.adapter.auth.resolveIdentity(http, body);
    } catch (error) {
      const isFinal = error instanceof HubError && (error.code === 'egress_refused' || error.code === 'rate_limited');
      if (isFinal) throw error;
      if (waitMs === null) {
        const code = error instanceof HubError ? error.code : 'an unreadable answer';
        throw new HubError('provider_unavailable', {
          what: `${provider.adapter.displayName} was not connected.`,
          why: `It did not tell whose account it is (${code}).`,
          fix: 'Start the connection again in a few minutes.',
          details: { returnUrl },
        });
      }
      parts.log.debug('identity not to be had yet', { plugin: provider.id, connectionId, waitMs });
      await (parts.pause ?? realPause)(waitMs);
    }
  }
  throw new RangeError('the last wait is null');
}

/** The account decides which row it is: the same account keeps its id, another one never takes it over. */
async function saveConnected(
  parts: CallbackParts,
  provider: OAuthProvider,
  attempt: ConnectAttempt,
  identity: ConnectedIdentity,
  tokens: TokenSet,
  body: TokenBody,
): Promise<ConnectionRow> {
  const { athleteId, plugin } = attempt;
  for (let tries = 0; tries < SAVE_TRIES; tries += 1) {
    const rows = (await parts.store.connectionsOf(athleteId)).filter((row) => row.plugin === plugin);
    const asked = rows.find(({ connectionId }) => connectionId === attempt.connectionId);
    const before =
      rows.find((row) => row.identity === identity.identity) ?? (asked?.identity === null ? asked : undefined);
    const connectionId =
      before?.connectionId ?? (asked ? `con_${parts.random.uuid().replaceAll('-', '')}` : attempt.connectionId);
    const granted = provider.adapter.auth.grantedScopes?.(body) ?? [];
    const row: ConnectionRow = {
      connectionId,
      athleteId,
      plugin,
      state: 'connected',
      generation: (before?.generation ?? 0) + 1,
      identity: identity.identity,
      permissions: [...new Set([...identity.permissions, ...granted])],
      sealedTokens: sealTokens(
        parts.vault,
        { connectionId, athleteId },
        { ...tokens, extras: { ...tokens.extras, ...identity.extras } },
      ),
      tokenExpiresAtMs: tokens.expiresAtMs,
      connectedAtMs: parts.clock.now(),
      reason: null,
    };
    if (!(await parts.store.saveConnection(row, before?.generation ?? null))) continue;
    if (asked?.state === 'pending' && asked.connectionId !== connectionId) await markDeclined(parts, attempt);
    await parts.store.audit({
      atMs: parts.clock.now(),
      athleteId,
      actor: `athlete:${athleteId}`,
      action: 'connection_connected',
      params: { connectionId, plugin, generation: row.generation, clientId: attempt.clientId },
    });
    parts.log.info('connection connected', { connectionId, plugin, generation: row.generation });
    return row;
  }
  throw new HubError('conflict', {
    what: `${provider.adapter.displayName} was not connected.`,
    why: 'The connection was changed by somebody else at the same time, several times.',
    fix: 'Start the connection again.',
    details: { returnUrl: attempt.returnUrl },
  });
}

/** A row that was only waiting for this consent is over. */
async function markDeclined({ store }: CallbackParts, { connectionId }: ConnectAttempt): Promise<void> {
  const row = await store.connection(connectionId);
  if (row?.state !== 'pending') return;
  await store.saveConnection({ ...row, state: 'disconnected', reason: 'consent_denied' }, row.generation);
}
