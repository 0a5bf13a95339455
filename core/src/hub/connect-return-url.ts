import { HubError } from '../error/hub-error.ts';

/**
 * Whether the app may be sent back to an address: scheme, host and port are those of an allowed one, and its path
 * starts with the allowed path, whole segments only.
 *
 * Compared as parsed, because browsers follow what they parse: `https://app.test.evil.test` starts with an allowed
 * text as well. Custom schemes (`coachapp://connected`) count like any other.
 */
export function isReturnUrlAllowed(url: string, allowed: readonly string[]): boolean {
  const wanted = parse(url);
  return wanted !== null && allowed.some((each) => covers(parse(each), wanted));
}

/**
 * Where apps have addresses, each start names one: a link that is finished by whoever opens it could be sent to
 * somebody else. Only a hub without any (no app, or not yet) connects in the browser.
 *
 * @throws HubError `return_url_not_allowed`.
 */
export function assertReturnUrl(url: string | null, allowed: readonly string[]): void {
  if (url === null ? allowed.length === 0 : isReturnUrlAllowed(url, allowed)) return;
  throw new HubError('return_url_not_allowed', {
    what: 'The account was not connected.',
    why:
      url === null
        ? 'This hub connects accounts in the app, and no address to return to was named.'
        : 'The address to return to is not on the allow list.',
    fix:
      url === null
        ? 'Send a returnUrl that is on the list.'
        : 'Add it to returnUrls in the configuration, for example "coachapp://connected".',
  });
}

interface Parts {
  scheme: string;
  host: string;
  path: string;
}

function parse(text: string): Parts | null {
  // Backslashes, encoded or not, and encoded slashes are read in different ways by different programs.
  if (/[\s\\]|%2f|%5c/i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return null;
  return { scheme: url.protocol, host: url.host, path: url.pathname };
}

function covers(allowed: Parts | null, { scheme, host, path }: Parts): boolean {
  if (allowed === null || allowed.scheme !== scheme || allowed.host !== host) return false;
  const base = allowed.path.endsWith('/') ? allowed.path : `${allowed.path}/`;
  return path === allowed.path || path.startsWith(base) || `${path}/` === base;
}
