import { type Clock, HubError } from '@coach-hub/core';
import { errors, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { TokenExpectations, VerifiedToken } from './token-verifier.ts';

/** Options of every verification: time comes from our clock, and a token without an end is refused. */
export function verifyOptions(
  algorithms: readonly string[],
  expect: TokenExpectations,
  clock: Clock,
): JWTVerifyOptions {
  return {
    algorithms: [...algorithms],
    ...(expect.issuer === null ? {} : { issuer: expect.issuer }),
    ...(expect.audience === null ? {} : { audience: expect.audience }),
    requiredClaims: ['exp', 'iss', 'sub'],
    currentDate: new Date(clock.now()),
  };
}

/** The athlete's identity is (issuer, subject), so both must be there even where any issuer is accepted. */
export function verifiedToken({ iss, sub, exp }: JWTPayload): VerifiedToken {
  if (typeof iss !== 'string' || iss === '') throw refused('its "iss" claim is not a name');
  if (typeof sub !== 'string' || sub === '') throw refused('its "sub" claim is not a name');
  if (exp === undefined) throw refused('it has no "exp" claim');
  return { issuer: iss, subject: sub, expiresAtMs: exp * 1_000 };
}

/** What a failed verification means to the sender. Claims and values are named, never quoted. */
export function verificationFailure(error: unknown): unknown {
  if (error instanceof HubError) return error;
  if (error instanceof errors.JWTExpired) return expired(error);
  if (isKeySetFailure(error)) return keysUnavailable(error);
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(`its "${error.claim}" claim does not hold`, error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature does not verify', error);
  if (error instanceof errors.JWKSNoMatchingKey) return refused('no key of the issuer matches it', error);
  if (error instanceof errors.JOSEError) return refused('it is not a well-formed token of an accepted kind', error);
  return error;
}

export function keysUnavailable(cause: unknown): HubError {
  return new HubError(
    'busy',
    {
      what: 'The token could not be checked.',
      why: 'The key set of the token issuer could not be read just now.',
      fix: 'Send the same request again in a moment. If it stays so, check auth.jwksUrl in the configuration.',
    },
    { cause },
  );
}

export function refused(reason: string, cause?: unknown): HubError {
  return new HubError(
    'unauthorized',
    {
      what: 'The token is not accepted.',
      why: `The token was read, but ${reason}.`,
      fix: 'Get a token from the issuer this hub is configured for and send it as "Authorization: Bearer …".',
    },
    { cause },
  );
}

/** A key set that does not arrive, is no JSON, or is no key set says nothing about the token. */
function isKeySetFailure(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
  );
}

function expired(cause: unknown): HubError {
  return new HubError(
    'token_expired',
    {
      what: 'The token has expired.',
      why: 'Its "exp" claim lies in the past. Nothing of the request was processed.',
      fix: 'Get a fresh token and send the same request again.',
    },
    { cause },
  );
}
