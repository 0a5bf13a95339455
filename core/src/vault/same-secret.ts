import { timingSafeEqual } from 'node:crypto';

/** Compares a text somebody sent with a secret in a time that tells nothing but the secret's length. */
export function sameSecret(given: string, secret: string): boolean {
  const [ours, theirs] = [Buffer.from(secret), Buffer.from(given)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
