/** How connecting an account fails. `details.returnUrl` tells where the app waits; no code or token is ever part. */
import { HubError } from '../error/hub-error.ts';
import type { OAuthProvider } from './token-endpoint.ts';

/** The link cannot be used, or no longer. */
export function stateInvalid(why: string, returnUrl: string | null): HubError {
  const fix = 'Start the connection again in the app.';
  return new HubError('state_invalid', { what: 'The account was not connected.', why, fix, details: { returnUrl } });
}

/** The consent page ended without a code. */
export function consentFailed({ adapter }: OAuthProvider, error: string, returnUrl: string | null): HubError {
  const what = `${adapter.displayName} was not connected.`;
  const details = { returnUrl };
  if (error === 'access_denied') {
    const why = 'The athlete declined on the consent page.';
    return new HubError('consent_denied', {
      what,
      why,
      fix: 'Start the connection again if it was a mistake.',
      details,
    });
  }
  const why = `The consent page ended with "${/^[a-z_ ]{1,40}$/.test(error) ? error : 'an unknown error'}".`;
  if (error === 'server_error' || error === 'temporarily_unavailable') {
    return new HubError('provider_unavailable', {
      what,
      why,
      fix: 'Start the connection again in a few minutes.',
      details,
    });
  }
  return new HubError('oauth_misconfigured', {
    what,
    why,
    fix: 'Check client id, scopes and the registered callback address.',
    details,
  });
}

/** The provider did not take the code. */
export function exchangeRefused(
  { adapter }: OAuthProvider,
  status: number,
  error: string | null,
  returnUrl: string | null,
): HubError {
  const what = `${adapter.displayName} was not connected.`;
  const why = `It answered ${status}${error === null ? '' : ` (${error})`} to the code.`;
  const details = { returnUrl };
  if (error === 'invalid_grant') {
    return new HubError('state_invalid', {
      what,
      why,
      fix: 'The code was used or has expired. Start the connection again.',
      details,
    });
  }
  if (status >= 500 || status === 429 || status === 408) {
    return new HubError('provider_unavailable', {
      what,
      why,
      fix: 'Start the connection again in a few minutes.',
      details,
    });
  }
  return new HubError('oauth_misconfigured', {
    what,
    why,
    fix: 'Check client id and secret in the configuration.',
    details,
  });
}
