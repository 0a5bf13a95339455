/**
 * Secrets at rest: AES-256-GCM, sealed with the newest key, opened with whichever key sealed them.
 *
 * A sealed text is bound to the row it belongs to, so one that is copied to another row does not open there. Its
 * form is `v1.<key id>.<nonce>.<ciphertext and tag>`, the last two in base64url.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { HubError } from '../error/hub-error.ts';
import type { Random } from '../hub/ports.ts';
import { parseKeys, type VaultKey } from './key.ts';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Vault {
  /** Id of the first key. */
  readonly newestKeyId: string;
  /** Id of the key that new secrets are sealed with: the newest, unless `sealWith` says otherwise. */
  readonly sealingKeyId: string;
  /** Ids of all keys, newest first. */
  readonly keyIds: readonly string[];
  /** Seals with another of its keys from now on, for as long as somebody does not know the newest. */
  sealWith(keyId: string): void;
  /** Takes other keys in place of these. @throws HubError `key_missing`, `config_invalid`; then nothing changes. */
  useKeys(keys: readonly string[]): void;
  /** @param binding names the row, for example `connection:<id>:<athleteId>`; the same is needed to open. */
  seal(plaintext: string, binding: string): string;
  /** @throws HubError `vault_unreadable` for a missing key, another binding, or a changed text. */
  open(sealed: string, binding: string): string;
  /** Id of the key a text was sealed with, for rotation. @throws HubError `vault_unreadable` for anything else. */
  sealedWith(sealed: string): string;
}

/**
 * @param keys `id:base64(32 bytes)`, newest first.
 * @throws HubError `key_missing`, `config_invalid`.
 */
export function createVault(keys: readonly string[], { random }: { random: Pick<Random, 'bytes'> }): Vault {
  let parsed = parseKeys(keys);
  let sealing = newestOf(parsed);
  return {
    get newestKeyId() {
      return newestOf(parsed).id;
    },
    get sealingKeyId() {
      return sealing.id;
    },
    get keyIds() {
      return parsed.map(({ id }) => id);
    },
    sealWith(keyId) {
      sealing = parsed.find(({ id }) => id === keyId) ?? sealing;
    },
    useKeys(next) {
      parsed = parseKeys(next);
      sealing = newestOf(parsed);
    },
    seal(plaintext, binding) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealing.secret, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(boundTo(sealing.id, binding));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, sealing.id, Buffer.from(nonce).toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, binding) {
      const { keyId, nonce, body } = read(sealed);
      const key = parsed.find(({ id }) => id === keyId);
      if (!key) throw unreadable(`It was sealed with the key "${keyId}", which is not among those given.`);
      return decipher(key, nonce, body, binding);
    },
    sealedWith: (sealed) => read(sealed).keyId,
  };
}

function newestOf([newest]: readonly VaultKey[]): VaultKey {
  if (!newest) throw new RangeError('parseKeys returns at least one key');
  return newest;
}

function decipher(key: VaultKey, nonce: Uint8Array, body: Uint8Array, binding: string): string {
  try {
    const opening = createDecipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES });
    opening.setAAD(boundTo(key.id, binding));
    opening.setAuthTag(body.subarray(-TAG_BYTES));
    return opening.update(body.subarray(0, -TAG_BYTES), undefined, 'utf8') + opening.final('utf8');
  } catch {
    throw unreadable('It was changed, or belongs to another row.');
  }
}

function read(sealed: string): { keyId: string; nonce: Uint8Array; body: Uint8Array } {
  const [version, keyId, nonce, body, ...rest] = sealed.split('.');
  const bytes = { nonce: Buffer.from(nonce ?? '', 'base64url'), body: Buffer.from(body ?? '', 'base64url') };
  const isWhole = bytes.nonce.length === NONCE_BYTES && bytes.body.length >= TAG_BYTES && rest.length === 0;
  // Base64 has several spellings of the same bytes; only the one we write is ours.
  const isOurs = bytes.nonce.toString('base64url') === nonce && bytes.body.toString('base64url') === body;
  if (version !== VERSION || !keyId || !isWhole || !isOurs)
    throw unreadable('It is not of a form this version writes.');
  return { keyId, ...bytes };
}

function boundTo(keyId: string, binding: string): Uint8Array {
  return Buffer.from(`${VERSION}|${keyId}|${binding}`, 'utf8');
}

function unreadable(why: string): HubError {
  return new HubError('vault_unreadable', {
    what: 'A sealed secret does not open.',
    why,
    fix: 'Put the key back into COACH_KEYS, or let the athlete connect again.',
  });
}
