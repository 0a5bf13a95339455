import { isLoopback } from '../egress/address.ts';
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
 * Each start names an address of the app, which finishes the connection: a link that is finished by whoever opens it
 * could be sent to somebody else. Only a hub on this machine that has no app yet connects in the browser.
 *
 * @throws HubError `return_url_not_allowed`.
 */
export function assertReturnUrl(
  url: string | null,
  { returnUrls, publicUrl }: { returnUrls: readonly string[]; publicUrl: string | null },
): void {
  if (url === null ? returnUrls.length === 0 && isThisMachine(publicUrl) : isReturnUrlAllowed(url, returnUrls)) return;
  throw new HubError('return_url_not_allowed', {
    what: 'The account was not connected.',
    why:
      url === null
        ? 'This hub connects accounts in the app, and no address to return to was named.'
        : 'The address to return to is not on the allow list.',
    fix:
      url === null
        ? 'Send a returnUrl that is on the list returnUrls of the configuration.'
        : 'Add it to returnUrls in the configuration, for example "coachapp://connected".',
  });
}

function isThisMachine(publicUrl: string | null): boolean {
  const host = publicUrl === null ? '' : new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || isLoopback(host);
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
