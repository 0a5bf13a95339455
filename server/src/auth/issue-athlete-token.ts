import type { Clock } from '@coach-hub/core';
import { SignJWT } from 'jose';
import { sharedSecretKey } from './shared-secret-verifier.ts';

export interface AthleteTokenOptions {
  secret: string;
  issuer: string;
  subject: string;
  /** Only where the hub expects one. */
  audience?: string | null;
  /** Seconds until it ends. */
  ttlS: number;
  clock: Clock;
}

/** Signs an athlete token as the app's backend would. For the demo, `coach token` and tests. */
export function issueAthleteToken({
  secret,
  issuer,
  subject,
  audience,
  ttlS,
  clock,
}: AthleteTokenOptions): Promise<string> {
  const issuedAtS = Math.floor(clock.now() / 1_000);
  const token = new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + ttlS);
  if (audience) token.setAudience(audience);
  return token.sign(sharedSecretKey(secret));
}
