import { createHash, timingSafeEqual } from 'node:crypto';
import type { OperatorRole } from './auth.ts';

/** How every operator key begins, so that it is told from a token and found by secret scanners. */
export const OPERATOR_KEY_PREFIX = 'chk_';

export interface OperatorKeyring {
  /** Role of a key; null when nobody has it. */
  roleOf(key: string): OperatorRole | null;
}

/**
 * The operators' keys, known only by their SHA-256.
 *
 * Every entry is compared, in constant time, so the time of an answer tells nothing about how near a guess was.
 */
export function operatorKeyring(keys: readonly { role: OperatorRole; sha256: string }[]): OperatorKeyring {
  const entries = keys.map(({ role, sha256 }) => ({ role, digest: Buffer.from(sha256, 'hex') }));
  return {
    roleOf(key) {
      const digest = createHash('sha256').update(key).digest();
      const matching = entries.filter(
        (entry) => entry.digest.length === digest.length && timingSafeEqual(entry.digest, digest),
      );
      return matching[0]?.role ?? null;
    },
  };
}
