/** `GET /oauth2Confirm` shows the consent page, `POST` answers it: a redirect with a code, or with a refusal. */
import { Hono } from 'hono';
import { hex } from './chance.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { addAccount, type World } from './world.ts';

const CODE_TTL_MS = 5 * 60_000;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
/** Members of the authorise call; all others are Garmin's page's own. */
const REQUEST = ['response_type', 'client_id', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'state'];

type AuthorizeRequest = { [name: string]: string };

export function authorizeRoutes(world: World) {
  return new Hono()
    .get('/oauth2Confirm', (c) => {
      const request = c.req.query();
      const refusal = refusalOf(world, request);
      if (refusal !== null) return c.html(refusalPage(refusal), 400);
      return c.html(consentPage(request, [...world.accounts.values()]));
    })
    .post('/oauth2Confirm', async (c) => {
      const form = new URLSearchParams(await c.req.text());
      const request = Object.fromEntries(
        REQUEST.filter((name) => form.has(name)).map((name) => [name, form.get(name)!]),
      );
      const refusal = refusalOf(world, request);
      if (refusal !== null) return c.html(refusalPage(refusal), 400);
      const answer: AuthorizeRequest =
        form.get('decision') === 'allow' ? { code: allow(world, request, form) } : { error: 'access_denied' };
      return c.redirect(backTo(request, answer), 302);
    });
}

function refusalOf(world: World, request: AuthorizeRequest): string | null {
  if (request.response_type !== 'code') return 'response_type must be "code".';
  if (request.client_id !== world.client.id) return 'There is no app with this client_id.';
  if (request.code_challenge_method !== 'S256') return 'code_challenge_method must be "S256".';
  if (!CHALLENGE.test(request.code_challenge ?? ''))
    return 'code_challenge must be the base64url SHA-256 of a verifier.';
  if (!URL.canParse(request.redirect_uri ?? '')) return 'redirect_uri must be an absolute address.';
  return null;
}

function allow(world: World, request: AuthorizeRequest, form: URLSearchParams): string {
  const account = world.accounts.get(form.get('userId') ?? '') ?? addAccount(world);
  account.permissions = form.getAll('permission').sort();
  account.registered = true;
  const code = hex(world.random, 40);
  world.codes.set(code, {
    userId: account.userId,
    challenge: request.code_challenge!,
    redirectUri: request.redirect_uri!,
    expiresAtMs: world.now() + CODE_TTL_MS,
    used: false,
  });
  return code;
}

function backTo(request: AuthorizeRequest, answer: AuthorizeRequest): string {
  const url = new URL(request.redirect_uri!);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (request.state !== undefined) url.searchParams.set('state', request.state);
  return url.href;
}
