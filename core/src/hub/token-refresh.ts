/**
 * Refreshing: callers of one process share one flight, processes take turns by a lease, and the new tokens replace
 * the very ones that were used, or nothing. Only the adapter's word "revoked" ends a connection.
 */
import type { Pause } from '../egress/pause.ts';
import { HubError } from '../error/hub-error.ts';
import type { RefreshFailure, TokenSet } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth, type OAuthProvider, oauthErrorOf, type TokenEndpoint } from './token-endpoint.ts';
import { withConnectionLease } from './token-lease.ts';
import { openTokens, readTokenBody, sealTokens } from './token-set.ts';
import { connectedRow, isUsable, notAuthorised, revoked, type TokenWatcher } from './token-state.ts';

/** A refresh this recent answers a caller that only knows "the token was refused". */
const JUST_DONE_MS = 10_000;

export interface RefreshParts extends Pick<HubParts, 'store' | 'plugins' | 'vault' | 'clock' | 'random' | 'log'> {
  endpoint: TokenEndpoint;
  watchers: readonly TokenWatcher[];
  pause?: Pause;
}

export interface TokenRefresh {
  /** @param refused a token that is not good whatever its expiry says. */
  run(connectionId: string, generation: number, refused: string | null): Promise<string>;
  /** Whether this process refreshed the connection a moment ago. */
  wasJustDone(connectionId: string): boolean;
}

/** A connection with what is needed to refresh it. */
interface Held {
  row: ConnectionRow;
  provider: OAuthProvider;
  tokens: TokenSet;
}

export function createTokenRefresh(parts: RefreshParts): TokenRefresh {
  const flights = new Map<string, Promise<string>>();
  const doneAtMs = new Map<string, number>();

  async function run(connectionId: string, generation: number, refused: string | null): Promise<string> {
    const usable = async (): Promise<string | null> => {
      const { provider, tokens } = await hold(parts, connectionId, generation);
      return isUsable(provider, tokens, refused, parts.clock.now()) ? tokens.accessToken : null;
    };
    // Somebody may have refreshed while we waited for our turn.
    const work = async () => (await usable()) ?? rotate(parts, await hold(parts, connectionId, generation));
    const token = await withConnectionLease(parts, connectionId, work, usable);
    doneAtMs.set(connectionId, parts.clock.now());
    return token;
  }

  return {
    run(connectionId, generation, refused) {
      const key = `${connectionId}|${generation}`;
      const flight = flights.get(key) ?? run(connectionId, generation, refused).finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
    wasJustDone(connectionId) {
      const atMs = doneAtMs.get(connectionId);
      if (atMs !== undefined && parts.clock.now() - atMs < JUST_DONE_MS) return true;
      doneAtMs.delete(connectionId);
      return false;
    },
  };
}

/** @throws HubError as `accessToken`. */
async function hold(parts: RefreshParts, connectionId: string, generation: number): Promise<Held> {
  const row = await connectedRow(parts.store, connectionId, generation);
  const tokens = openTokens(parts.vault, row);
  if (!tokens) throw notAuthorised(connectionId, 'It has no tokens.');
  return { row, tokens, provider: asOAuth(parts.plugins.provider(row.plugin)) };
}

/** Asks for new tokens and saves them. Under the lease. */
async function rotate(parts: RefreshParts, held: Held): Promise<string> {
  const { row, provider, tokens } = held;
  if (tokens.refreshToken === null) return end(parts, held);
  const answer = await parts.endpoint.refresh(provider, tokens.refreshToken, row.connectionId);
  if (answer.type === 'refused') {
    const failure = classify(provider, answer.status, answer.body);
    if (failure === 'revoked') return end(parts, held);
    throw refreshFailed(failure, row, answer.status, oauthErrorOf(answer.body));
  }
  const next = readTokenBody(provider.adapter.auth, answer.body, parts.clock.now(), tokens);
  if (!next) throw refreshFailed('transient', row, 200, null);
  for (let over: ConnectionRow | null = row; over !== null; over = await sealedAgain(parts, held)) {
    const sealed = { sealedTokens: sealTokens(parts.vault, row, next), tokenExpiresAtMs: next.expiresAtMs };
    if (await parts.store.swapTokens(row.connectionId, row.generation, over.sealedTokens, sealed)) {
      parts.log.debug('token refreshed', { connectionId: row.connectionId, plugin: row.plugin });
      return next.accessToken;
    }
  }
  return afterLostSwap(parts, row, next);
}

/** The row as it is now, when it holds the tokens that were used: a rotation of keys sealed them again meanwhile. */
async function sealedAgain({ store, vault }: RefreshParts, { row, tokens }: Held): Promise<ConnectionRow | null> {
  const now = await store.connection(row.connectionId);
  if (now?.generation !== row.generation || now.sealedTokens === null) return null;
  const held = openTokens(vault, now);
  const isSame = held?.refreshToken === tokens.refreshToken && held?.accessToken === tokens.accessToken;
  return isSame ? now : null;
}

/** The row changed while the provider answered. */
async function afterLostSwap(parts: RefreshParts, row: ConnectionRow, ours: TokenSet): Promise<string> {
  const now = await parts.store.connection(row.connectionId);
  if (now?.generation !== row.generation) {
    for (const watcher of parts.watchers) await watcher.orphaned(row, ours);
  }
  // Same generation: our lease had run out, and another process's tokens are the ones that count.
  return (await hold(parts, row.connectionId, row.generation)).tokens.accessToken;
}

/**
 * Ends the connection, unless its tokens are no longer the ones that were refused: then another process refreshed
 * with them, and the refusal was for a token already used.
 */
async function end(parts: RefreshParts, held: Held): Promise<string> {
  const { row } = held;
  const now = await parts.store.connection(row.connectionId);
  const isChanged = now?.generation === row.generation && now.sealedTokens !== row.sealedTokens;
  if (isChanged && (await sealedAgain(parts, held)) === null) {
    return (await hold(parts, row.connectionId, row.generation)).tokens.accessToken;
  }
  const ended: ConnectionRow = {
    ...row,
    state: 'revoked',
    generation: row.generation + 1,
    sealedTokens: null,
    tokenExpiresAtMs: null,
    reason: 'connection_revoked',
  };
  if (await parts.store.saveConnection(ended, row.generation)) {
    const { connectionId, athleteId, plugin } = row;
    parts.log.info('connection revoked by the provider', { connectionId, plugin });
    await parts.store.audit({
      atMs: parts.clock.now(),
      athleteId,
      actor: `provider:${plugin}`,
      action: 'connection_revoked',
      params: { connectionId, plugin, found: 'refresh' },
    });
    for (const watcher of parts.watchers) await watcher.revoked(ended);
  }
  throw revoked(ended);
}

/** An adapter that stumbles over an answer must not cost the athlete a connection. */
function classify({ adapter }: OAuthProvider, status: number, body: unknown): RefreshFailure {
  try {
    return adapter.auth.classifyRefreshFailure(status, body);
  } catch {
    return 'transient';
  }
}

function refreshFailed(
  failure: Exclude<RefreshFailure, 'revoked'>,
  row: ConnectionRow,
  status: number,
  error: string | null,
): HubError {
  const what = `The token of the connection ${row.connectionId} was not refreshed.`;
  const why = `${row.plugin} answered ${status}${error === null ? '' : ` (${error})`} to the refresh.`;
  if (failure === 'misconfigured') {
    return new HubError('oauth_misconfigured', {
      what,
      why,
      fix: 'Check client id and secret of the plugin. The connection is kept.',
    });
  }
  return new HubError('provider_unavailable', {
    what,
    why,
    fix: 'The hub tries again by itself. The connection is kept.',
  });
}
