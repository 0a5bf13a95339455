/** The secrets of a consent under way: `state` ties the redirect to who asked, PKCE ties the code to us. */
import { createHash } from 'node:crypto';
import type { Random } from './ports.ts';

const SECRET_BYTES = 32;

/** 256 bits as base64url: a `state`, or a PKCE verifier (43 characters, the least RFC 7636 allows). */
export function newSecret(random: Pick<Random, 'bytes'>): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
}

/** PKCE S256. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** What is stored of a `state`: whoever reads the database cannot finish a consent with it. */
export function stateHash(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
