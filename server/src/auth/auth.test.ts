import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ISSUER, READ_KEY, SECRET, START_MS, sha256 } from '../testing/test-server.test-support.ts';
import type { Auth } from './auth.ts';
import { createAuth } from './create-auth.ts';
import { issueAthleteToken } from './issue-athlete-token.ts';
import { keySetVerifier } from './key-set-verifier.ts';
import { operatorKeyring } from './operator-keyring.ts';
import { sharedSecretVerifier } from './shared-secret-verifier.ts';
import type { TokenVerifier } from './token-verifier.ts';

const clock = { now: () => START_MS };
const NOW_S = START_MS / 1_000;
const key = (secret = SECRET) => new TextEncoder().encode(secret);

function authWith(...verifiers: TokenVerifier[]): Auth {
  const operators = operatorKeyring([{ role: 'read', sha256: sha256(READ_KEY) }]);
  return createAuth({
    athletes: { ofSubject: async (issuer, subject) => `${issuer}|${subject}` },
    verifiers,
    operators,
  });
}

const bySecret = (expectations = {}) =>
  sharedSecretVerifier({ secret: SECRET, issuer: ISSUER, audience: null, clock, ...expectations });

function token(
  claims: { [claim: string]: unknown },
  header: { [name: string]: string } = {},
  secret = SECRET,
): Promise<string> {
  return new SignJWT({ iss: ISSUER, sub: 'ann', exp: NOW_S + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(key(secret));
}

const codeOf = (auth: Auth, credential: string) =>
  auth.identify(`Bearer ${credential}`).then(
    () => 'accepted',
    (error) => error.code,
  );

describe('an athlete token signed with the shared secret', () => {
  it('names the athlete by issuer and subject', async () => {
    const issued = await issueAthleteToken({ secret: SECRET, issuer: ISSUER, subject: 'ann', ttlS: 600, clock });
    expect(await authWith(bySecret()).identify(`Bearer ${issued}`)).toEqual({
      type: 'athlete',
      athleteId: `${ISSUER}|ann`,
      tokenEndsAtMs: START_MS + 600_000,
    });
  });

  it('is token_expired from its last second on, by the hub’s clock', async () => {
    const auth = authWith(bySecret());
    expect(await codeOf(auth, await token({ exp: NOW_S + 1 }))).toBe('accepted');
    expect(await codeOf(auth, await token({ exp: NOW_S }))).toBe('token_expired');
  });

  it.each([
    ['another secret signed it', () => token({}, {}, 'quite another secret, long enough to be one')],
    ['it never ends', () => token({ exp: undefined })],
    ['it is from another issuer', () => token({ iss: 'https://other.example' })],
    ['it names no issuer', () => token({ iss: undefined })],
    ['it names nobody', () => token({ sub: undefined })],
    ['its subject is empty', () => token({ sub: '' })],
    ['it is not valid yet', () => token({ nbf: NOW_S + 60 })],
    ['it is not signed', async () => new UnsecuredJWT({ iss: ISSUER, sub: 'ann', exp: NOW_S + 60 }).encode()],
    [
      'it is signed with another algorithm',
      () =>
        new SignJWT({ iss: ISSUER, sub: 'ann', exp: NOW_S + 60 })
          .setProtectedHeader({ alg: 'HS512' })
          .sign(key(SECRET.repeat(2))),
    ],
    ['it is not a token', async () => 'not-a-token'],
  ])('is unauthorized when %s', async (_, make) => {
    expect(await codeOf(authWith(bySecret()), await make())).toBe('unauthorized');
  });

  it('has to be for this hub where an audience is configured', async () => {
    const auth = authWith(bySecret({ audience: 'coach' }));
    expect(await codeOf(auth, await token({ aud: 'coach' }))).toBe('accepted');
    expect(await codeOf(auth, await token({ aud: 'other' }))).toBe('unauthorized');
    expect(await codeOf(auth, await token({}))).toBe('unauthorized');
  });

  it('may come from any issuer where none is configured, but must name one', async () => {
    const auth = authWith(bySecret({ issuer: null }));
    expect(await codeOf(auth, await token({ iss: 'anyone' }))).toBe('accepted');
    expect(await codeOf(auth, await token({ iss: undefined }))).toBe('unauthorized');
  });

  it('is never told back in a refusal', async () => {
    const refused = await token({ iss: 'https://other.example' });
    const error = await authWith(bySecret())
      .identify(`Bearer ${refused}`)
      .catch((reason) => reason);
    expect(error.message).not.toContain(refused);
    expect(error.message).not.toContain('other.example');
  });

  it('cannot be checked where the hub has neither secret nor key set', async () => {
    expect(await codeOf(authWith(), await token({}))).toBe('unauthorized');
  });
});

describe('a shared secret', () => {
  it('of less than 32 bytes stops the start', () => {
    expect(() => sharedSecretVerifier({ secret: 'x'.repeat(31), issuer: null, audience: null, clock })).toThrow(
      /31 bytes/,
    );
    expect(() => sharedSecretVerifier({ secret: 'x'.repeat(32), issuer: null, audience: null, clock })).not.toThrow();
  });
});

describe('an athlete token signed with a key of the issuer', () => {
  let issuer: Server;
  let keys: JWK[];
  let fetched: string[];
  let answer: { status: number; body?: string };

  beforeEach(async () => {
    fetched = [];
    keys = [];
    answer = { status: 200 };
    issuer = createServer((_, response) =>
      response.writeHead(answer.status).end(answer.body ?? JSON.stringify({ keys })),
    );
    await new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => void issuer.close(resolve)));

  const byKeySet = () =>
    keySetVerifier({
      jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`,
      fetch: (url, init) => {
        fetched.push(new URL(url).pathname);
        return fetch(url, init);
      },
      issuer: ISSUER,
      audience: null,
      clock,
    });

  async function signed(alg: string, kid = 'k1', publish = true): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    if (publish) keys.push({ ...(await exportJWK(publicKey)), kid, alg });
    return new SignJWT({ iss: ISSUER, sub: 'ann', exp: NOW_S + 60 }).setProtectedHeader({ alg, kid }).sign(privateKey);
  }

  it.each(['RS256', 'ES256', 'EdDSA'])(
    'is accepted for %s, its keys fetched once by the fetch it was given',
    async (alg) => {
      const auth = authWith(byKeySet());
      const credential = await signed(alg);
      expect([await codeOf(auth, credential), await codeOf(auth, credential)]).toEqual(['accepted', 'accepted']);
      expect(fetched).toEqual(['/keys']);
    },
  );

  it('is unauthorized when the issuer does not publish its key', async () => {
    await signed('ES256', 'published');
    expect(await codeOf(authWith(byKeySet()), await signed('ES256', 'unpublished', false))).toBe('unauthorized');
  });

  it('cannot be forged by signing with the public key as a secret', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' };
    keys.push(jwk);
    const forged = await token({}, { kid: 'k1' }, JSON.stringify(jwk));
    expect(await codeOf(authWith(byKeySet()), forged)).toBe('unauthorized');
    expect(await codeOf(authWith(byKeySet(), bySecret()), forged)).toBe('unauthorized');
  });

  it.each([
    ['answers 500', () => ({ status: 500 })],
    ['answers no JSON', () => ({ status: 200, body: '<html>' })],
    ['answers no key set', () => ({ status: 200, body: '{"keys":1}' })],
    ['redirects', () => ({ status: 302 })],
  ])('is busy, not refused, while the issuer %s', async (_, failing) => {
    const credential = await signed('ES256');
    answer = failing();
    expect(await codeOf(authWith(byKeySet()), credential)).toBe('busy');
  });

  it('is busy, not refused, while the issuer cannot be reached', async () => {
    const verifier = keySetVerifier({
      jwksUrl: 'https://keys.example/keys',
      fetch: () => Promise.reject(new TypeError('fetch failed')),
      issuer: ISSUER,
      audience: null,
      clock,
    });
    expect(await codeOf(authWith(verifier), await signed('ES256'))).toBe('busy');
  });
});

describe('an operator key', () => {
  it('is known by its hash', async () => {
    expect(await authWith().identify(`Bearer ${READ_KEY}`)).toEqual({ type: 'operator', role: 'read' });
  });

  it.each(['chk_', 'chk_reader-of-everythin', `${READ_KEY}g`])('of another text is unauthorized: %s', async (wrong) => {
    expect(await codeOf(authWith(), wrong)).toBe('unauthorized');
  });
});

describe('an Authorization header', () => {
  it.each([undefined, '', 'Bearer', 'Bearer ', `Basic ${READ_KEY}`, READ_KEY, `Bearer ${READ_KEY} more`])(
    'of the form %j is unauthorized',
    async (header) => {
      await expect(authWith(bySecret()).identify(header)).rejects.toMatchObject({ code: 'unauthorized' });
    },
  );

  it('may write "bearer" in any case', async () => {
    expect(await authWith().identify(`bearer ${READ_KEY}`)).toMatchObject({ role: 'read' });
  });
});
