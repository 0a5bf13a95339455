import { type AthleteService, HubError } from '@coach-hub/core';
import { decodeProtectedHeader } from 'jose';
import type { Auth, Principal } from './auth.ts';
import { OPERATOR_KEY_PREFIX, type OperatorKeyring } from './operator-keyring.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { refused } from './verify-token.ts';

export interface AuthOptions {
  athletes: Pick<AthleteService, 'ofSubject'>;
  /** Ways athlete tokens are signed. With none, only operators get in. */
  verifiers: readonly TokenVerifier[];
  operators: OperatorKeyring;
}

/** Tells who sent a request: an athlete by the app's token, an operator by a key. */
export function createAuth({ athletes, verifiers, operators }: AuthOptions): Auth {
  return {
    async identify(authorization) {
      const credential = bearerCredential(authorization);
      if (credential.startsWith(OPERATOR_KEY_PREFIX)) return operatorOf(operators, credential);
      const { issuer, subject, expiresAtMs } = await verifierOf(verifiers, credential).verify(credential);
      return { type: 'athlete', athleteId: await athletes.ofSubject(issuer, subject), tokenEndsAtMs: expiresAtMs };
    },
  };
}

function bearerCredential(authorization: string | undefined): string {
  const credential = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
  if (credential === undefined) {
    throw new HubError('unauthorized', {
      what: 'The request carries no credential.',
      why:
        authorization === undefined
          ? 'It has no Authorization header.'
          : 'Its Authorization header is not of the form "Bearer …".',
      fix: 'Send an athlete token or an operator key as "Authorization: Bearer …". It is never read from the address.',
    });
  }
  return credential;
}

function operatorOf(operators: OperatorKeyring, key: string): Principal {
  const role = operators.roleOf(key);
  if (role === null) {
    throw new HubError('unauthorized', {
      what: 'The operator key is not accepted.',
      why: 'No operator of this hub has that key.',
      fix: 'Add the SHA-256 of the key to COACH_OPERATOR_KEYS as "role:sha256", or use a key that is listed there.',
    });
  }
  return { type: 'operator', role };
}

/** The header is not trusted: it only picks among verifiers that pin their own algorithms. */
function verifierOf(verifiers: readonly TokenVerifier[], token: string): TokenVerifier {
  const algorithm = algorithmOf(token);
  const verifier = verifiers.find(({ algorithms }) => algorithm !== null && algorithms.includes(algorithm));
  if (verifier) return verifier;
  if (verifiers.length > 0) throw refused('it is not a token signed with an algorithm this hub accepts');
  throw new HubError('unauthorized', {
    what: 'The token cannot be checked.',
    why: 'This hub has neither a shared secret nor a key set for athlete tokens.',
    fix: 'Set COACH_JWT_SECRET or auth.jwksUrl in the configuration.',
  });
}

function algorithmOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).alg ?? null;
  } catch {
    return null; // not a token at all, which no verifier accepts
  }
}
