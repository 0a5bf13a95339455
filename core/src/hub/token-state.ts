/** When a connection has a token to offer, and the errors when it has not. */
import { HubError } from '../error/hub-error.ts';
import type { TokenSet } from '../provider/auth.ts';
import type { ConnectionRow, ConnectionStore } from '../store/connection-store.ts';
import type { OAuthProvider } from './token-endpoint.ts';

/** What others do when a connection ends by itself. */
export interface TokenWatcher {
  /** The provider ended the authorisation; the row is saved as revoked, its tokens are gone. */
  revoked(row: ConnectionRow): Promise<void>;
  /** A refresh succeeded for a connection that was ended meanwhile: these tokens are nobody's. */
  orphaned(row: ConnectionRow, tokens: TokenSet): Promise<void>;
}

/** The row, while it is connected in this generation. @throws HubError as `accessToken`. */
export async function connectedRow(
  store: Pick<ConnectionStore, 'connection'>,
  connectionId: string,
  generation: number,
): Promise<ConnectionRow> {
  const row = await store.connection(connectionId);
  if (row === null) {
    const why = 'It was erased, or never existed.';
    throw new HubError('connection_unknown', {
      what: `There is no connection ${connectionId}.`,
      why,
      fix: 'Connect the account.',
    });
  }
  if (row.state === 'revoked') throw revoked(row);
  if (row.generation !== generation)
    throw notAuthorised(connectionId, 'It was disconnected or connected anew since this work began.');
  if (row.state !== 'connected') throw notAuthorised(connectionId, `Its state is "${row.state}".`);
  return row;
}

export function revoked({ connectionId, plugin }: ConnectionRow): HubError {
  return new HubError('connection_revoked', {
    what: `Access to ${plugin} ended for the connection ${connectionId}.`,
    why: 'The provider no longer accepts its tokens: the athlete ended it there, or it has lapsed.',
    fix: 'Let the athlete connect again in the app.',
  });
}

export function notAuthorised(connectionId: string, why: string): HubError {
  return new HubError('connection_not_authorised', {
    what: `Nothing was asked in the name of the connection ${connectionId}.`,
    why,
    fix: 'Connect the account again if it is still wanted.',
  });
}

/** Whether an access token may be used: not the one that was refused, and not at its end. */
export function isUsable(
  { adapter }: OAuthProvider,
  { accessToken, expiresAtMs }: TokenSet,
  refused: string | null,
  nowMs: number,
): boolean {
  if (accessToken === refused) return false;
  return expiresAtMs === null || expiresAtMs - adapter.auth.expiryMarginS * 1000 > nowMs;
}
