/**
 * How accounts are connected. The host owns the flow, the tokens and their storage; the adapter says what differs.
 * OAuth 2 only: an adapter never sees a password.
 */

/** What happens to the refresh token when it is used. */
export type TokenLifecycle =
  | 'non_expiring' // no refresh token at all
  | 'stable_refresh' // the refresh token stays
  | 'may_rotate' // take a new one when it is given
  | 'strictly_rotating' // every refresh returns a new one and ends the old: single flight, atomic save
  | 'rotating_with_grace' // the old one works for a while longer
  | 'extended_in_place'; // the same token lives longer, nothing new is returned

/** Tokens as the host keeps them, sealed. */
export interface TokenSet {
  accessToken: string;
  refreshToken: string | null;
  /** Epoch ms; null when it does not expire. */
  expiresAtMs: number | null;
  refreshExpiresAtMs: number | null;
  /** Small extras the provider needs per connection, for example a region; sealed with the tokens. */
  extras: { [key: string]: string };
}

/** The adapter's reading of a failed refresh. Only `revoked` ends a connection. */
export type RefreshFailure = 'transient' | 'revoked' | 'misconfigured';

export interface OAuthEndpoints {
  /** Logical host and path of the consent page the athlete's browser opens. */
  authorize: { host: string; path: string };
  token: { host: string; path: string };
}

/** Calls an adapter may make with a connection's token; host, retries and budgets are the hub's. */
export interface ConnectionHttp {
  getJson(host: string, path: string, options?: { query?: { [key: string]: string } }): Promise<unknown>;
  request(
    host: string,
    path: string,
    options: { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; json?: unknown; form?: { [key: string]: string } },
  ): Promise<{ status: number; json: unknown }>;
}

/** Who the athlete is at the provider, found after the code was exchanged. */
export interface ConnectedIdentity {
  /** Stable id of the account, as notifications name it. */
  identity: string;
  /** What the athlete allows, in the provider's words. */
  permissions: string[];
  extras?: { [key: string]: string };
}

export interface OAuthAdapter {
  type: 'oauth2';
  endpoints: OAuthEndpoints;
  pkce: boolean;
  /** Where client credentials go in token calls. */
  clientAuth: 'body' | 'basic';
  /** Least scopes; empty where the provider's consent page decides. */
  scopes: string[];
  scopeSeparator: ' ' | ',';
  lifecycle: TokenLifecycle;
  /** Treat the access token as ended this many seconds early. */
  expiryMarginS: number;
  /** Longest the code may wait before it is exchanged, s (some vendors: 30). */
  codeTtlS: number;
  /** Finds identity and permissions with the fresh token; may also provision the user at the provider. */
  resolveIdentity(http: ConnectionHttp, tokenBody: { [key: string]: unknown }): Promise<ConnectedIdentity>;
  /** After connect: registrations, per-user subscriptions. Repeating it must do no harm. */
  afterConnect?(http: ConnectionHttp, identity: ConnectedIdentity): Promise<void>;
  /** Ends the authorisation at the provider. Called on disconnect; a failure is retried, then audited. */
  revoke?(http: ConnectionHttp): Promise<void>;
  /** Scopes the athlete granted, where the token answer tells (they may be fewer than asked). */
  grantedScopes?(tokenBody: { [key: string]: unknown }): string[];
  /** Whether a failed refresh is worth another try. */
  classifyRefreshFailure(status: number, body: unknown): RefreshFailure;
  /** For providers whose token answer is not RFC 6749's: reads it. Default: the standard fields. */
  readTokenBody?(body: { [key: string]: unknown }, nowMs: number): TokenSet;
  /** For providers that need a choice before consent, for example a region per connection. */
  choices?: { key: string; label: string; values: { value: string; label: string }[] }[];
}

/** Services without athlete accounts: the app's own key, kept in the vault. */
export interface AppKeyAdapter {
  type: 'app_key' | 'service_account';
  /** Where the key travels. */
  place: { in: 'header'; name: string; scheme?: string } | { in: 'query'; name: string };
}

export type AuthAdapter = OAuthAdapter | AppKeyAdapter | { type: 'none' };
