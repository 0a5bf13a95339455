import { createSecretKey } from 'node:crypto';
import { type Clock, HubError } from '@coach-hub/core';
import { jwtVerify } from 'jose';
import type { TokenExpectations, TokenVerifier } from './token-verifier.ts';
import { verificationFailure, verifiedToken, verifyOptions } from './verify-token.ts';

/** HS256 is as strong as its secret, and RFC 7518 asks for no less than the hash is long. */
const MIN_SECRET_BYTES = 32;
const ALGORITHMS = ['HS256'] as const;

/** Key of a shared secret. @throws HubError `config_invalid` when it is too short to be one. */
export function sharedSecretKey(secret: string) {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.byteLength < MIN_SECRET_BYTES) {
    throw new HubError('config_invalid', {
      what: 'The shared secret of athlete tokens is too short.',
      why: `It has ${bytes.byteLength} bytes; HS256 needs at least ${MIN_SECRET_BYTES}, or it can be guessed from one token.`,
      fix: 'Set COACH_JWT_SECRET to 32 or more random bytes, for example from "openssl rand -base64 48".',
    });
  }
  return createSecretKey(bytes);
}

/** Verifies tokens that app backend and hub sign with one secret. */
export function sharedSecretVerifier(options: TokenExpectations & { secret: string; clock: Clock }): TokenVerifier {
  const key = sharedSecretKey(options.secret);
  return {
    algorithms: ALGORITHMS,
    async verify(token) {
      const verified = jwtVerify(token, key, verifyOptions(ALGORITHMS, options, options.clock));
      const { payload } = await verified.catch((error) => Promise.reject(verificationFailure(error)));
      return verifiedToken(payload);
    },
  };
}
