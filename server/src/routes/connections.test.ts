import { type ConnectionView, HubError } from '@coach-hub/core';
import { describe, expect, it, vi } from 'vitest';
import { readProblem } from '../testing/read-problem.test-support.ts';
import { testServer } from '../testing/test-server.test-support.ts';

const connection: ConnectionView = {
  connectionId: 'con_1',
  provider: 'stride',
  displayName: 'Stride <Pro>',
  state: 'connected',
  reason: null,
  permissions: ['read'],
  streams: { activities: 'granted' },
  connectedAt: '2026-03-01T06:00:00.000Z',
};
const started = {
  connectionId: 'con_1',
  authorizeUrl: 'https://stride.example/consent',
  expiresAt: '2026-03-01T06:10:00.000Z',
};
const json = { 'content-type': 'application/json' };

const refuse =
  (code: 'consent_denied' | 'state_invalid' | 'connection_unknown', details = {}) =>
  async () => {
    throw new HubError(code, {
      what: 'It did <b>not</b> work.',
      why: 'Because "so".',
      fix: 'Try again & again.',
      details,
    });
  };

describe('GET /v1/connections', () => {
  it('lists the athlete’s connections', async () => {
    const { app, as } = testServer({
      connect: { list: async (athleteId) => (athleteId === 'a_ann' ? [connection] : []) },
    });
    const response = await app.request('/v1/connections', { headers: await as('ann') });
    expect([response.status, await response.json()]).toEqual([200, { connections: [connection] }]);
  });

  it('is unauthorized without a token, and token_expired with an old one', async () => {
    const { app, as, clock } = testServer({});
    const headers = await as('ann', 60);
    clock.advance(60_000);
    const [none, old] = [await app.request('/v1/connections'), await app.request('/v1/connections', { headers })];
    expect([none.status, (await readProblem(none)).code, old.status, (await readProblem(old)).code]).toEqual([
      401,
      'unauthorized',
      401,
      'token_expired',
    ]);
  });
});

describe('POST /v1/connections', () => {
  it('answers 201 with the address for the browser', async () => {
    const start = vi.fn(async () => started);
    const { app, as } = testServer({ connect: { start } });
    const response = await app.request('/v1/connections', {
      method: 'POST',
      headers: { ...(await as('ann')), ...json, 'sync-client': 'c_phone-0001' },
      body: JSON.stringify({ provider: 'stride', returnUrl: 'coachapp://connected' }),
    });
    expect([response.status, await response.json()]).toEqual([201, started]);
    expect(start.mock.calls).toEqual([
      [{ athleteId: 'a_ann', clientId: 'c_phone-0001', provider: 'stride', returnUrl: 'coachapp://connected' }],
    ]);
  });

  it('needs neither a client id nor a way back', async () => {
    const start = vi.fn(async () => started);
    const { app, as } = testServer({ connect: { start } });
    await app.request('/v1/connections', { method: 'POST', headers: await as('ann'), body: '{"provider":"stride"}' });
    expect(start.mock.calls).toEqual([[{ athleteId: 'a_ann', clientId: null, provider: 'stride', returnUrl: null }]]);
  });

  it.each([
    ['no provider', '{}', 'provider'],
    ['a way back that is no address', '{"provider":"stride","returnUrl":"home"}', 'returnUrl'],
  ])('is a bad_request with %s', async (_, body, place) => {
    const { app, as } = testServer({});
    const response = await app.request('/v1/connections', { method: 'POST', headers: await as('ann'), body });
    const problem = await readProblem(response);
    expect([response.status, problem.code]).toEqual([400, 'bad_request']);
    expect(problem.detail).toContain(`${place}: `);
  });
});

describe('GET /v1/connections/callback/:provider', () => {
  it('answers a page with what a browser may do with it spelled out', async () => {
    const { app } = testServer({ connect: { callback: async () => ({ type: 'connected', connection }) as const } });
    const response = await app.request('/v1/connections/callback/stride?code=c&state=s');
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toContain('<h1>Connected</h1>');
    expect(page).toContain('<p>Stride &lt;Pro&gt; is connected. You can close this page and go back to the app.</p>');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('hands the whole query to core', async () => {
    const callback = vi.fn(async () => ({ type: 'connected', connection }) as const);
    const { app } = testServer({ connect: { callback } });
    await app.request('/v1/connections/callback/stride?code=a%2Bb&state=s&scope=x');
    expect(callback.mock.calls).toEqual([['stride', { code: 'a+b', state: 's', scope: 'x' }]]);
  });

  it.each([
    ['coachapp://connected', 'coachapp://connected?provider=stride&code=a%2Bb&state=s'],
    ['https://app.example/back?tab=2#here', 'https://app.example/back?tab=2&provider=stride&code=a%2Bb&state=s#here'],
  ])('goes back into the app at %s with what it finishes with', async (returnUrl, location) => {
    const callback = async () => ({ type: 'to_app', returnUrl, code: 'a+b', state: 's' }) as const;
    const { app } = testServer({ connect: { callback } });
    const response = await app.request('/v1/connections/callback/stride?code=a%2Bb&state=s');
    expect([response.status, response.headers.get('location')]).toEqual([303, location]);
  });

  it('tells a failure on a page, with every text escaped', async () => {
    const { app } = testServer({ connect: { callback: refuse('consent_denied') } });
    const response = await app.request(
      '/v1/connections/callback/stride?error=access_denied&error_description=<script>alert(1)</script>',
    );
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(page).toContain('<p>It did &lt;b&gt;not&lt;/b&gt; work. Because &quot;so&quot;.</p>');
    expect(page).toContain('<p>Try again &amp; again.</p>');
    expect(page).toContain('<small>Code consent_denied, request 00000000-0000-4000-8000-000000000001</small>');
    expect(page).not.toContain('script');
  });

  it('takes a failure back into the app where core named the way', async () => {
    const { app } = testServer({
      connect: { callback: refuse('consent_denied', { returnUrl: 'coachapp://connected' }) },
    });
    const response = await app.request('/v1/connections/callback/stride?error=access_denied&state=s');
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      'coachapp://connected?error=consent_denied',
    ]);
  });

  it('is not used up by a mere look', async () => {
    const { app } = testServer({ connect: { callback: refuse('state_invalid') } });
    const response = await app.request('/v1/connections/callback/stride?code=c&state=s', { method: 'HEAD' });
    expect(response.status).toBe(204);
  });

  it('leaves code and state out of the log', async () => {
    const { app, lines } = testServer({ connect: { callback: refuse('state_invalid') } });
    await app.request('/v1/connections/callback/stride?code=c0de&state=st4te');
    expect(JSON.stringify(lines)).not.toMatch(/c0de|st4te/);
  });
});

describe('POST /v1/connections/finish', () => {
  const body = JSON.stringify({ provider: 'stride', code: 'c', state: 's' });

  it.each([
    [{ 'sync-client': 'c_phone-0001' }, 'c_phone-0001'],
    [{}, null],
  ])('finishes as the athlete, from the installation %j', async (client, clientId) => {
    const finish = vi.fn(async () => connection);
    const { app, as } = testServer({ connect: { finish } });
    const headers = { ...(await as('ann')), ...json, ...client };
    const response = await app.request('/v1/connections/finish', { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([200, connection]);
    expect(finish.mock.calls).toEqual([[{ athleteId: 'a_ann', clientId, provider: 'stride', code: 'c', state: 's' }]]);
  });

  it('is for nobody without a token, and a problem for anybody else', async () => {
    const { app, as } = testServer({ connect: { finish: refuse('state_invalid', { returnUrl: null }) } });
    const none = await app.request('/v1/connections/finish', { method: 'POST', headers: json, body });
    const other = await app.request('/v1/connections/finish', { method: 'POST', headers: await as('bob'), body });
    expect([none.status, other.status, (await readProblem(other)).code]).toEqual([401, 400, 'state_invalid']);
  });
});

describe('DELETE /v1/connections/:id', () => {
  const ended: ConnectionView = { ...connection, state: 'disconnected' };

  it.each([
    ['', false],
    ['?erase=false', false],
    ['?erase=true', true],
  ])('with %j keeps or erases history as asked', async (query, erase) => {
    const disconnect = vi.fn(async () => ended);
    const { app, as } = testServer({ connect: { disconnect } });
    const response = await app.request(`/v1/connections/con_1${query}`, { method: 'DELETE', headers: await as('ann') });
    expect([response.status, await response.json()]).toEqual([200, ended]);
    expect(disconnect.mock.calls).toEqual([[{ athleteId: 'a_ann', connectionId: 'con_1', erase }]]);
  });

  it('does not guess what "erase" means', async () => {
    const { app, as } = testServer({});
    const response = await app.request('/v1/connections/con_1?erase=yes', {
      method: 'DELETE',
      headers: await as('ann'),
    });
    expect([response.status, (await readProblem(response)).code]).toEqual([400, 'bad_request']);
  });

  it('is connection_unknown for a connection of somebody else', async () => {
    const { app, as } = testServer({ connect: { disconnect: refuse('connection_unknown') } });
    const response = await app.request('/v1/connections/con_of_bob', { method: 'DELETE', headers: await as('ann') });
    expect([response.status, (await readProblem(response)).code]).toEqual([404, 'connection_unknown']);
  });
});
