/** Talks to a provider's OAuth endpoints, through the egress. Never repeats a call: a code or refresh token is spent once. */
import type { AuthorizationCode } from 'simple-oauth2';
import type { Egress } from '../egress/egress.ts';
import { codeOf, unavailable } from '../egress/refusals.ts';
import { HubError } from '../error/hub-error.ts';
import { envNameOf } from '../plugin/env-name.ts';
import type { LoadedProvider } from '../plugin/load-plugins.ts';
import type { OAuthAdapter } from '../provider/auth.ts';
import type { TokenBody } from './token-set.ts';

/** A token call must end before the lease that guards it does. */
export const TOKEN_CALL_MS = 15_000;
const MAX_TOKEN_BYTES = 64 * 1024;

export type OAuthProvider = LoadedProvider & { adapter: { auth: OAuthAdapter } };

/** `refused`: the provider answered and said no; what that means is for the caller. */
export type TokenAnswer = { type: 'tokens'; body: TokenBody } | { type: 'refused'; status: number; body: unknown };

export interface TokenEndpoint {
  authorizeUrl(
    provider: OAuthProvider,
    input: { redirectUri: string; state: string; challenge: string | null },
  ): Promise<string>;
  /** @throws HubError `provider_unavailable`, `rate_limited`, `egress_refused`, `oauth_misconfigured`. */
  exchange(
    provider: OAuthProvider,
    input: { code: string; redirectUri: string; verifier: string | null },
  ): Promise<TokenAnswer>;
  /** @throws as `exchange`. */
  refresh(provider: OAuthProvider, refreshToken: string, connectionId: string): Promise<TokenAnswer>;
}

/** @throws HubError `not_supported` for a provider whose accounts are not connected by OAuth. */
export function asOAuth(provider: LoadedProvider): OAuthProvider {
  if (provider.adapter.auth.type === 'oauth2') return provider as OAuthProvider;
  throw new HubError('not_supported', {
    what: `${provider.adapter.displayName} has no accounts to connect.`,
    why: 'Its adapter declares no OAuth.',
    fix: 'Nothing to do: what it offers is there without connecting.',
  });
}

export function createTokenEndpoint(egress: Egress): TokenEndpoint {
  return {
    async authorizeUrl(provider, { redirectUri, state, challenge }) {
      const { scopes } = provider.adapter.auth;
      const params = {
        redirect_uri: redirectUri,
        state,
        ...(scopes.length > 0 ? { scope: [...scopes] } : {}),
        ...(challenge === null ? {} : { code_challenge: challenge, code_challenge_method: 'S256' }),
      };
      return (await clientOf(egress, provider)).authorizeURL(params);
    },
    async exchange(provider, { code, redirectUri, verifier }) {
      const params = { code, redirect_uri: redirectUri, ...(verifier === null ? {} : { code_verifier: verifier }) };
      return call(egress, provider, {}, async (client) => (await client.getToken(params)).token);
    },
    async refresh(provider, refreshToken, connectionId) {
      return call(egress, provider, { subject: connectionId }, async (client) => {
        return (await client.createToken({ refresh_token: refreshToken }).refresh()).token;
      });
    },
  };
}

/** The library is loaded at the first use: most commands connect nothing, and it brings a hundred modules along. */
async function clientOf(egress: Egress, { id, adapter: { auth }, config }: OAuthProvider): Promise<AuthorizationCode> {
  const { AuthorizationCode: Client } = await import('simple-oauth2');
  const { authorize, token } = auth.endpoints;
  return new Client({
    client: { id: setting(id, config, 'clientId'), secret: setting(id, config, 'clientSecret') },
    auth: {
      tokenHost: egress.originOf(token.host),
      tokenPath: token.path,
      authorizeHost: egress.originOf(authorize.host),
      authorizePath: authorize.path,
    },
    // `force`: providers send JSON under other names, and errors as pages; what cannot be read is told by its status.
    http: { agent: egress.agentFor(token.host), timeout: TOKEN_CALL_MS, maxBytes: MAX_TOKEN_BYTES, json: 'force' },
    options: {
      scopeSeparator: auth.scopeSeparator,
      authorizationMethod: auth.clientAuth === 'basic' ? 'header' : 'body',
    },
  });
}

function setting(id: string, config: OAuthProvider['config'], key: string): string {
  const value = config[key];
  if (typeof value === 'string') return value;
  throw new HubError('oauth_misconfigured', {
    what: `Accounts of ${id} cannot be connected.`,
    why: `The plugin has no setting "${key}".`,
    fix: `Set pluginConfig.${id}.${key} in coach.config.json, or ${envNameOf(id, key)} where it is a secret.`,
  });
}

async function call(
  egress: Egress,
  provider: OAuthProvider,
  budget: { subject?: string },
  work: (client: AuthorizationCode) => Promise<TokenBody>,
): Promise<TokenAnswer> {
  const { host, path } = provider.adapter.auth.endpoints.token;
  await egress.takeBudget(host, budget);
  try {
    return { type: 'tokens', body: await work(await clientOf(egress, provider)) };
  } catch (error) {
    const refusal = egressErrorIn(error);
    if (refusal) throw refusal;
    const { status, body } = answerIn(error);
    if (status !== null && status >= 400) return { type: 'refused', status, body };
    // The library's error holds the request with our client secret: none of it goes on.
    const why =
      status === null
        ? `The connection failed (${codeIn(error)}).`
        : `It answered ${status} with something unreadable.`;
    throw unavailable(`POST ${new URL(egress.originOf(host)).host}${path}`, why);
  }
}

/** An error of our own egress, bare or wrapped by the HTTP library. */
function egressErrorIn(error: unknown): HubError | null {
  if (error instanceof HubError) return error;
  const data = member(error, 'data');
  return data instanceof HubError ? data : null;
}

function answerIn(error: unknown): { status: number | null; body: unknown } {
  const data = member(error, 'data');
  const status = member(member(data, 'res'), 'statusCode');
  const payload = member(data, 'isResponseError') === true ? member(data, 'payload') : null;
  return {
    status: typeof status === 'number' ? status : null,
    body: payload instanceof Uint8Array ? null : (payload ?? null),
  };
}

function codeIn(error: unknown): string {
  return codeOf(member(error, 'data')) ?? codeOf(error) ?? 'no answer in time';
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? (value as { [key: string]: unknown })[key]
    : undefined;
}

/** The OAuth error code of an answer, where it is one; never its free text. */
export function oauthErrorOf(body: unknown): string | null {
  const error = member(body, 'error');
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : null;
}
