/** The token endpoint: PKCE, credentials in the body, single-use codes, rotation. */
import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { hex } from './chance.ts';
import { faultAnswer } from './fault-answer.ts';
import type { Faults } from './faults.ts';
import { isGood, type World } from './world.ts';

const ACCESS_TTL_S = 86_400;
const REFRESH_TTL_S = 7_775_998;
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

type Refusal = { status: 400 | 401; error: string; error_description: string };

export function tokenRoutes(world: World, faults: Faults) {
  return new Hono().post('/di-oauth2-service/oauth/token', async (c) => {
    const fault = faultAnswer(c, faults, 'token');
    if (fault !== null) return fault;
    const form = new URLSearchParams(await c.req.text());
    const refused = refusalOfClient(c, form, world);
    if (refused !== null) return refuse(c, refused);
    const outcome =
      form.get('grant_type') === 'authorization_code' ? redeem(world, form) : refresh(world, faults, form);
    return 'error' in outcome ? refuse(c, outcome) : c.json(issue(world, outcome.userId));
  });
}

function refusalOfClient(c: Context, form: URLSearchParams, { client }: World): Refusal | null {
  if (c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') !== true) {
    return { status: 400, error: 'invalid_request', error_description: 'Expected a form.' };
  }
  if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret) {
    return { status: 401, error: 'invalid_client', error_description: 'Client credentials belong in the body.' };
  }
  const type = form.get('grant_type');
  if (type === 'authorization_code' || type === 'refresh_token') return null;
  return { status: 400, error: 'unsupported_grant_type', error_description: 'Unknown grant type.' };
}

function redeem(world: World, form: URLSearchParams): { userId: string } | Refusal {
  const code = world.codes.get(form.get('code') ?? '');
  const verifier = form.get('code_verifier') ?? '';
  if (code === undefined || code.used || code.expiresAtMs <= world.now()) return invalidGrant('The code is not valid.');
  const isOurs = VERIFIER.test(verifier) && challengeOf(verifier) === code.challenge;
  if (!isOurs) return invalidGrant('The code verifier does not fit.');
  if (form.get('redirect_uri') !== code.redirectUri) return invalidGrant('The redirect address is another one.');
  code.used = true;
  return { userId: code.userId };
}

function refresh(world: World, faults: Faults, form: URLSearchParams): { userId: string } | Refusal {
  const token = world.refreshTokens.get(form.get('refresh_token') ?? '');
  if (token !== undefined && faults.take('revoke') !== null) token.ended = true;
  if (token === undefined || !isGood(token, world)) return invalidGrant('Invalid refresh token.');
  token.ended = true;
  return { userId: token.userId };
}

function issue(world: World, userId: string) {
  const accessToken = `access-${hex(world.random, 48)}`;
  const refreshToken = `refresh-${hex(world.random, 48)}`;
  const validFor = (seconds: number) => ({ userId, expiresAtMs: world.now() + seconds * 1_000, ended: false });
  world.accessTokens.set(accessToken, validFor(ACCESS_TTL_S));
  world.refreshTokens.set(refreshToken, validFor(REFRESH_TTL_S));
  return {
    access_token: accessToken,
    expires_in: ACCESS_TTL_S,
    token_type: 'bearer',
    refresh_token: refreshToken,
    scope: 'PARTNER_WRITE PARTNER_READ CONNECT_READ CONNECT_WRITE', // constant: it says nothing about the athlete
    jti: hex(world.random, 32),
    refresh_token_expires_in: REFRESH_TTL_S,
  };
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function invalidGrant(description: string): Refusal {
  return { status: 400, error: 'invalid_grant', error_description: description };
}

function refuse(c: Context, { status, ...body }: Refusal) {
  return c.json(body, status);
}
