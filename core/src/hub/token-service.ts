/** Access tokens of connections: one refresh per rotation, whatever the number of callers and processes. */
import type { Pause } from '../egress/pause.ts';
import type { Meter } from '../metrics/meter.ts';
import type { ConnectionHttp } from '../provider/auth.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { HubParts } from './hub-parts.ts';
import { asOAuth, createTokenEndpoint } from './token-endpoint.ts';
import { type ConnectionHttpOptions, httpWith } from './token-http.ts';
import { createTokenRefresh } from './token-refresh.ts';
import { openTokens } from './token-set.ts';
import { connectedRow, isUsable, notAuthorised, type TokenWatcher } from './token-state.ts';

export interface AccessTokenOptions {
  signal?: AbortSignal | undefined;
  /** The token the provider has just refused: refreshed, unless somebody has done so already. */
  refused?: string | undefined;
  /** As `refused`, for a caller that no longer holds the token. */
  refresh?: boolean | undefined;
}

export interface TokenService {
  /**
   * A token that is good for now.
   *
   * @throws HubError `connection_unknown`, `connection_not_authorised` (another generation, or not connected),
   *   `connection_revoked`, `provider_unavailable`, `rate_limited`, `oauth_misconfigured`, `busy`.
   */
  accessToken(connectionId: string, generation: number, options?: AccessTokenOptions): Promise<string>;
  /** HTTP in the name of a connection, as long as it has this generation. */
  connectionHttp(
    connection: Pick<ConnectionRow, 'connectionId' | 'generation' | 'plugin'>,
    options?: ConnectionHttpOptions,
  ): ConnectionHttp;
  watch(watcher: TokenWatcher): void;
}

export type TokenParts = Pick<HubParts, 'store' | 'plugins' | 'egress' | 'vault' | 'clock' | 'random' | 'log'> & {
  pause?: Pause;
  meter?: Meter;
};

export function createTokenService(parts: TokenParts): TokenService {
  const watchers: TokenWatcher[] = [];
  const refresh = createTokenRefresh({ ...parts, endpoint: createTokenEndpoint(parts.egress), watchers });

  async function accessToken(
    connectionId: string,
    generation: number,
    options: AccessTokenOptions = {},
  ): Promise<string> {
    options.signal?.throwIfAborted();
    const row = await connectedRow(parts.store, connectionId, generation);
    const tokens = openTokens(parts.vault, row);
    if (!tokens) throw notAuthorised(connectionId, 'It has no tokens.');
    const refused =
      options.refused ?? (options.refresh && !refresh.wasJustDone(connectionId) ? tokens.accessToken : null);
    if (isUsable(asOAuth(parts.plugins.provider(row.plugin)), tokens, refused, parts.clock.now()))
      return tokens.accessToken;
    return unlessAborted(refresh.run(connectionId, generation, refused), options.signal);
  }

  return {
    accessToken,
    connectionHttp({ connectionId, generation, plugin }, options = {}) {
      const { signal } = options;
      const source = {
        current: () => accessToken(connectionId, generation, { signal }),
        renewed: (refused: string) => accessToken(connectionId, generation, { signal, refused }),
      };
      return httpWith(parts.egress, { plugin, connectionId }, source, options);
    },
    watch(watcher) {
      watchers.push(watcher);
    },
  };
}

/** A refresh that runs is never broken off: its answer holds the only good token. Who asked may stop waiting. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
