/**
 * OAuth 2 with PKCE.
 *
 * Vendor facts this file relies on (garmin.md §1):
 * - The consent page has toggles instead of scopes; the `scope` of the token answer says nothing about them.
 * - Credentials travel in the body. Every refresh returns a new refresh token and ends the old one.
 * - Access tokens last 24 h, refresh tokens about 90 days. Garmin advises to renew 600 s early.
 * - Directly after consent the permissions call can fail for a moment. The host asks again, so nothing waits here.
 * - DELETE registration is mandatory when an athlete leaves; a `deregistrations` notification follows it.
 */
import { HubError, type OAuthAdapter, type RefreshFailure } from '@coach-hub/core';
import { idText } from './activity-id.ts';
import { readPermissions } from './permissions.ts';

const USER_ID = '/wellness-api/rest/user/id';
const PERMISSIONS = '/wellness-api/rest/user/permissions';
const REGISTRATION = '/wellness-api/rest/user/registration';

const EXPIRY_MARGIN_S = 600;
const CODE_TTL_S = 300; // not documented; we exchange the code within the redirect

export const auth: OAuthAdapter = {
  type: 'oauth2',
  endpoints: {
    authorize: { host: 'garmin.connect', path: '/oauth2Confirm' },
    token: { host: 'garmin.auth', path: '/di-oauth2-service/oauth/token' },
  },
  pkce: true,
  clientAuth: 'body',
  scopes: [],
  scopeSeparator: ' ',
  lifecycle: 'strictly_rotating',
  expiryMarginS: EXPIRY_MARGIN_S,
  codeTtlS: CODE_TTL_S,

  /** The user id joins notifications to this connection; it is the same when the athlete consents again. */
  async resolveIdentity(http) {
    const body = await http.getJson('garmin.api', USER_ID);
    const identity = idText((body as { userId?: unknown } | null)?.userId);
    if (identity === null) throw unreadable('user id');
    const permissions = readPermissions(await http.getJson('garmin.api', PERMISSIONS));
    if (permissions === null) throw unreadable('permissions');
    return { identity, permissions };
  },

  async revoke(http) {
    const { status } = await http.request('garmin.api', REGISTRATION, { method: 'DELETE' });
    const isGone = status === 401 || status === 403 || status === 404; // the athlete was faster
    if (isGone || (status >= 200 && status < 300)) return;
    throw new HubError('provider_unavailable', {
      what: 'The authorisation at Garmin could not be ended.',
      why: `Garmin answered ${status} to the deregistration.`,
      fix: 'Nothing to do: it is tried again. Tokens on our side are gone already.',
    });
  },

  classifyRefreshFailure,
};

const GRANT_ENDED =
  /invalid_grant|invalid_token|not active|invalid refresh token|refresh token (?:is )?(?:expired|invalid|revoked)/i;

/**
 * Only `revoked` ends a connection, so it needs an answer that speaks of the grant: the exact bodies of the token host
 * are not documented. A refusal that does not is ours to configure; one we cannot read at all may pass.
 */
export function classifyRefreshFailure(status: number, body: unknown): RefreshFailure {
  if (status < 400 || status >= 500 || status === 408 || status === 425 || status === 429) return 'transient';
  const { error, error_description, errorMessage } = (typeof body === 'object' && body !== null ? body : {}) as {
    [key: string]: unknown;
  };
  if (GRANT_ENDED.test(`${error} ${error_description} ${errorMessage}`)) return 'revoked';
  return typeof error === 'string' || status === 401 || status === 403 ? 'misconfigured' : 'transient';
}

function unreadable(what: string): HubError {
  return new HubError('provider_unavailable', {
    what: `Garmin's ${what} could not be read.`,
    why: 'The answer has none of the documented shapes.',
    fix: 'Start the connection again. If it persists, record the answer and report it: the adapter must learn it.',
  });
}
