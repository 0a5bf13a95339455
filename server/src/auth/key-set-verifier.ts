import type { Clock } from '@coach-hub/core';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import type { TokenExpectations, TokenVerifier } from './token-verifier.ts';
import { keysUnavailable, verificationFailure, verifiedToken, verifyOptions } from './verify-token.ts';

/** Only signatures with a private key: a public key must never be taken for a shared secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Fetches the key set. It comes from outside, so the request passes the hub's egress like any other. */
export type KeySetFetch = (
  url: string,
  init: { headers: Headers; method: 'GET'; redirect: 'manual'; signal: AbortSignal },
) => Promise<Response>;

/** Verifies tokens with the public keys their issuer publishes. Keys are kept for ten minutes and reread for an unknown id. */
export function keySetVerifier(
  options: TokenExpectations & { jwksUrl: string; fetch: KeySetFetch; clock: Clock },
): TokenVerifier {
  const keySet = createRemoteJWKSet(new URL(options.jwksUrl), { [customFetch]: fetchKeys(options.fetch) });
  return {
    algorithms: ALGORITHMS,
    async verify(token) {
      const verified = jwtVerify(token, keySet, verifyOptions(ALGORITHMS, options, options.clock));
      const { payload } = await verified.catch((error) => Promise.reject(verificationFailure(error)));
      return verifiedToken(payload);
    },
  };
}

/** A failure to fetch is ours, not the athlete's: answered 401 it would make phones throw their sign-in away. */
function fetchKeys(fetch: KeySetFetch): KeySetFetch {
  return (url, init) => fetch(url, init).catch((cause) => Promise.reject(keysUnavailable(cause)));
}
