/**
 * The last net under the log: whatever a line says, the hub's own secrets do not leave in it, in none of the forms that
 * a secret takes on its way (as it is, in JSON, in an address, in hex, in base64), nor what looks like a credential.
 *
 * It is the net and not the rope: code that logs keeps secrets out by naming what happened in words of its own.
 */
import { formsOf } from './forms-of.ts';

export type Hide = (text: string) => string;

/** What stands in the place of a secret. */
const MARK = '[hidden]';

/** Shorter ones would hide half of every line, and are none. */
const SHORTEST_SECRET = 8;

/** Credentials by their look. Words of the format stay, so that a line can still be read. */
const LOOKS_LIKE_ONE: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[^\s"\\,]+/gi, `$1 ${MARK}`],
  [/\bchk_[\w-]+/g, `chk_${MARK}`],
  [/\beyJ[\w-]+(?:\.[\w-]*){1,4}/g, MARK],
  // Not the pattern of the route, which stands in the line of every request.
  [/(\/webhooks\/[^/\s"\\:]+\/)[^\s?"'\\]+/g, `$1${MARK}`],
  [/(\w+:\/\/)[^\s/@"'\\]+@/g, `$1${MARK}@`],
  [/(\bhttps?:\/\/[^\s?"'\\]+\?)[^\s"'\\]+/g, `$1${MARK}`],
];

/** @param secrets as the project holds them; bytes where a secret is bytes. */
export function hideSecrets(secrets: readonly (string | Uint8Array)[]): Hide {
  const forms = secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .flatMap(formsOf)
    .sort((one, other) => other.length - one.length);
  const known = forms.length === 0 ? null : new RegExp([...new Set(forms)].map(escaped).join('|'), 'g');
  return (text) => {
    const without = known === null ? text : text.replace(known, MARK);
    return LOOKS_LIKE_ONE.reduce((left, [pattern, mark]) => left.replace(pattern, mark), without);
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
