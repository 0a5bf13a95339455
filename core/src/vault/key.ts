/** The keys of the vault: `id:base64(32 bytes)`, newest first. */
import { HubError } from '../error/hub-error.ts';
import type { Random } from '../hub/ports.ts';

export const KEY_BYTES = 32;
const KEY_TEXT = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

export interface VaultKey {
  id: string;
  secret: Uint8Array;
}

/** A new key in the form that COACH_KEYS and the key file take. */
export function generateKey(random: Pick<Random, 'bytes'>): string {
  const id = Buffer.from(random.bytes(4)).toString('hex');
  return `${id}:${Buffer.from(random.bytes(KEY_BYTES)).toString('base64')}`;
}

/** Whether the text is a key; says nothing about its value. */
export function isKey(text: string): boolean {
  return KEY_TEXT.test(text);
}

/** @throws HubError `key_missing` when there is none, `config_invalid` when one is malformed or an id comes twice. */
export function parseKeys(texts: readonly string[]): VaultKey[] {
  if (texts.length === 0) {
    throw new HubError('key_missing', {
      what: 'There is no key to seal secrets with.',
      why: 'Neither COACH_KEYS nor the key file in the data folder holds one.',
      fix: 'Run "coach init" once, or set COACH_KEYS to "id:base64 of 32 random bytes".',
    });
  }
  const keys = texts.map((text, index) => {
    const [, id, secret] = KEY_TEXT.exec(text) ?? [];
    if (id === undefined || secret === undefined) throw badKey(`Key number ${index + 1} is not of that form.`);
    return { id, secret: Buffer.from(secret, 'base64') };
  });
  const repeated = keys.find(({ id }, index) => keys.findIndex((key) => key.id === id) !== index);
  if (repeated) throw badKey(`Two keys have the id "${repeated.id}".`);
  return keys;
}

function badKey(why: string): HubError {
  return new HubError('config_invalid', {
    what: 'COACH_KEYS: expected "id:base64 of 32 bytes", separated by commas, newest first.',
    why,
    fix: 'Correct COACH_KEYS or the key file; "coach init" in an empty folder makes a well-formed one.',
  });
}
