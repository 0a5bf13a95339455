/** Turns what a caller names into the one address to connect to, or refuses. */
import type { HostEntry, HostTable } from './hosts.ts';
import { refused } from './refusals.ts';

export interface Target {
  entry: HostEntry;
  url: URL;
}

/** Logical host, path and query → address. The path cannot lead to another host. */
export function hostTarget(
  table: HostTable,
  host: string,
  path: string,
  query: { readonly [key: string]: string } = {},
): Target {
  const entry = table.entry(host);
  const what = `A request to ${host} was not made.`;
  if (!path.startsWith('/')) throw refused(what, 'Its path does not start with "/".');
  const url = new URL(entry.origin + path);
  if (url.origin !== entry.origin) throw refused(what, 'Its path leads to another host.');
  for (const [key, value] of Object.entries(query)) url.searchParams.append(key, value);
  return { entry, url };
}

/**
 * An address somebody else gave (a vendor's callback URL, a redirect) → address, when its origin is exactly one of
 * the allowed hosts'. Declared origins are rewritten to what they are mapped to; an address that already names the
 * mapped origin is taken as it is, because a vendor behind a mapping speaks of itself.
 */
export function callbackTarget(table: HostTable, address: string, allowedHosts: readonly string[]): Target {
  const what = 'An address a provider gave was not followed.';
  // Characters that URL parsers disagree about never belong in an address; refused before any parser sees them.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u0020\\\u007f]/.test(address))
    throw refused(what, 'It holds spaces, backslashes or control characters.');
  if (!URL.canParse(address)) throw refused(what, 'It is no absolute address.');
  const given = new URL(address);
  if (given.username !== '' || given.password !== '') throw refused(what, 'It holds a user name.');
  if (given.protocol !== 'https:' && given.protocol !== 'http:') throw refused(what, 'Its scheme is not https.');
  const entries = allowedHosts.map((name) => table.entry(name));
  const entry =
    entries.find((each) => each.origin === given.origin) ?? entries.find((each) => each.declared === given.origin);
  if (!entry) throw refused(what, `Its origin ${given.origin} is none that the plugin declared.`);
  return { entry, url: new URL(entry.origin + given.pathname + given.search) };
}
