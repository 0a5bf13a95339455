import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testHub } from './connect.test-support.ts';
import { CALLBACK, type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';
import { openTokens } from './token-set.ts';

let vendor: OAuthVendor;
beforeEach(async () => {
  vendor = await startOAuthVendor();
});
afterEach(() => vendor.close());

const start = (hub: ReturnType<typeof testHub>, athleteId = 'ann', returnUrl: string | null = null) =>
  hub.connect.service.start({ athleteId, clientId: 'phone', provider: 'stride', returnUrl });

describe('connecting an account', () => {
  it('begins with an address for the browser, bound by state and PKCE', async () => {
    const hub = testHub(vendor);
    const { authorizeUrl, connectionId, expiresAt } = await start(hub);
    const url = new URL(authorizeUrl);
    expect(url.origin + url.pathname).toBe(`${vendor.url}/auth`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'stride-app',
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(Date.parse(expiresAt) - hub.clock.ms).toBe(600_000);
    expect(JSON.stringify([...hub.store.attempts.values()])).not.toContain(url.searchParams.get('state'));
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'pending', generation: 0, sealedTokens: null });
  });

  it('ends connected: identity, permissions and streams known, tokens sealed to the row', async () => {
    const hub = testHub(vendor);
    const started = await start(hub, 'ann', 'coachapp://connected/stride');
    const done = await hub.connect.service.callback('stride', await vendor.consent(started.authorizeUrl));
    expect(done).toEqual({
      returnUrl: 'coachapp://connected/stride',
      connection: {
        connectionId: started.connectionId,
        provider: 'stride',
        displayName: 'Stride',
        state: 'connected',
        reason: null,
        permissions: ['ACTIVITIES'],
        streams: { runs: 'granted', sleep: 'missing', profile: 'granted' },
        connectedAt: new Date(hub.clock.ms).toISOString(),
      },
    });
    const row = hub.store.rows.get(started.connectionId)!;
    expect(row).toMatchObject({ generation: 1, identity: 'runner-1', tokenExpiresAtMs: hub.clock.ms + 3_600_000 });
    const tokens = openTokens(hub.vault, row)!;
    expect(tokens.refreshToken).not.toBeNull();
    expect(() => openTokens(hub.vault, { ...row, athleteId: 'bob' })).toThrow(
      expect.objectContaining({ code: 'vault_unreadable' }),
    );
    const said = JSON.stringify([hub.lines, hub.store.audits, done]);
    for (const secret of [tokens.accessToken, tokens.refreshToken!, 'stride-secret'])
      expect(said).not.toContain(secret);
    expect(hub.store.audits).toMatchObject([
      { athleteId: 'ann', actor: 'athlete:ann', action: 'connection_connected' },
    ]);
  });

  it('is tried again when the provider cannot name the account yet', async () => {
    let refusals = 2;
    vendor.fault = ({ url }, response) => {
      if (url !== '/permissions' || refusals === 0) return false;
      refusals -= 1;
      response.writeHead(403).end();
      return true;
    };
    expect((await testHub(vendor).connectAs('ann')).permissions).toEqual(['ACTIVITIES']);
  });

  it('ends without a connection when the account is never named', async () => {
    vendor.fault = ({ url }, response) => url === '/permissions' && Boolean(response.writeHead(403).end());
    const hub = testHub(vendor);
    await expect(hub.connectAs('ann')).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect([...hub.store.rows.values()]).toMatchObject([{ state: 'pending', sealedTokens: null }]);
  });

  it('registers at the provider, and leaves it to the queue when that fails', async () => {
    let fails = true;
    const registered: string[] = [];
    const auth = {
      async afterConnect(_: unknown, { identity }: { identity: string }) {
        if (fails) throw new Error('not now');
        registered.push(identity);
      },
    };
    const hub = testHub(vendor, { auth });
    expect((await hub.connectAs('ann')).state).toBe('connected');
    fails = false;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect(registered).toEqual(['runner-1']);
  });

  it('again keeps the connection’s id, and raises its generation', async () => {
    const hub = testHub(vendor);
    const first = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId: first.connectionId, erase: false });
    const again = await hub.connectAs('ann');
    expect([again.connectionId, again.generation]).toEqual([first.connectionId, 3]);
  });

  it('with another account of the same provider makes another connection', async () => {
    const hub = testHub(vendor);
    const first = await hub.connectAs('ann');
    vendor.account = 'runner-2';
    const second = await hub.connectAs('ann');
    expect(second.connectionId).not.toBe(first.connectionId);
    vendor.account = 'runner-1';
    expect((await hub.connectAs('ann')).connectionId).toBe(first.connectionId);
    expect([...hub.store.rows.values()].map(({ identity, state }) => [identity, state])).toEqual([
      ['runner-1', 'connected'],
      ['runner-2', 'connected'],
    ]);
  });

  it('of one account by several athletes is allowed', async () => {
    const hub = testHub(vendor);
    await hub.connectAs('ann');
    await hub.connectAs('bob');
    expect(await hub.store.connectionsByIdentity('stride', 'runner-1')).toHaveLength(2);
  });
});

describe('a connect link', () => {
  it('is good once', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await start(hub)).authorizeUrl);
    await hub.connect.service.callback('stride', query);
    await expect(hub.connect.service.callback('stride', query)).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it('is good once even when two redirects arrive together', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await start(hub)).authorizeUrl);
    const outcomes = await Promise.allSettled([1, 2].map(() => hub.connect.service.callback('stride', query)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(vendor.calls['POST /token']).toBe(1);
  });

  it('is over after ten minutes', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await start(hub)).authorizeUrl);
    hub.clock.ms += 600_000;
    await expect(hub.connect.service.callback('stride', query)).rejects.toMatchObject({ code: 'state_invalid' });
    expect(vendor.calls['POST /token']).toBeUndefined();
  });

  it.each([
    ['another athlete', { athleteId: 'bob', clientId: 'phone' }],
    ['another client', { athleteId: 'ann', clientId: 'tablet' }],
  ])('is not good for %s, and is spent', async (_, caller) => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await start(hub)).authorizeUrl);
    await expect(hub.connect.service.callback('stride', query, caller)).rejects.toMatchObject({
      code: 'state_invalid',
    });
    await expect(hub.connect.service.callback('stride', query)).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it.each([
    ['without a state', (query: { [name: string]: string }) => ({ code: query.code! })],
    ['with a state nobody gave out', (query: { [name: string]: string }) => ({ ...query, state: 'made-up' })],
  ])('%s is refused', async (_, change) => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await start(hub)).authorizeUrl);
    await expect(hub.connect.service.callback('stride', change(query))).rejects.toMatchObject({
      code: 'state_invalid',
    });
  });

  it('does not take a code of another consent: PKCE does not fit', async () => {
    const hub = testHub(vendor);
    const stolen = await vendor.consent((await start(hub, 'ann')).authorizeUrl);
    const own = await vendor.consent((await start(hub, 'mallory')).authorizeUrl);
    const mixed = { ...own, code: stolen.code! };
    await expect(hub.connect.service.callback('stride', mixed)).rejects.toMatchObject({
      code: 'state_invalid',
      why: expect.stringContaining('invalid_grant'),
    });
  });

  it('does not take a code twice', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await start(hub)).authorizeUrl);
    await hub.connect.service.callback('stride', query);
    const next = new URL((await start(hub)).authorizeUrl).searchParams.get('state')!;
    const replay = hub.connect.service.callback('stride', { code: query.code!, state: next });
    await expect(replay).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it('ends with consent_denied when the athlete declines, and tells where the app waits', async () => {
    vendor.declines = true;
    const hub = testHub(vendor);
    const { authorizeUrl, connectionId } = await start(hub, 'ann', 'coachapp://connected');
    const callback = hub.connect.service.callback('stride', await vendor.consent(authorizeUrl));
    await expect(callback).rejects.toMatchObject({
      code: 'consent_denied',
      details: { returnUrl: 'coachapp://connected' },
    });
    expect(hub.store.rows.get(connectionId)).toMatchObject({
      state: 'disconnected',
      reason: 'consent_denied',
      sealedTokens: null,
    });
  });

  it('leaves a living connection alone when the athlete declines a second consent', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    vendor.declines = true;
    await expect(hub.connectAs('ann')).rejects.toMatchObject({ code: 'consent_denied' });
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'connected', generation: 1 });
  });

  it('fails as oauth_misconfigured for wrong client credentials, without telling them', async () => {
    const hub = testHub(vendor, { config: { clientId: 'stride-app', clientSecret: 'wrong-secret' } });
    const error = await hub.connectAs('ann').catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'oauth_misconfigured' });
    expect(JSON.stringify([error, hub.lines]) + (error as Error).message + (error as Error).stack).not.toContain(
      'wrong-secret',
    );
    expect((error as Error).cause).toBeUndefined();
  });

  it.each([
    ['is down', (response: ServerResponse) => response.writeHead(503).end()],
    ['breaks off', (response: ServerResponse) => response.destroy()],
    [
      'sends us on',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    ],
    ['sends a page', (response: ServerResponse) => response.end('<html>')],
  ])('fails as provider_unavailable when the token endpoint %s, and is called once', async (_, answer) => {
    vendor.fault = ({ url }, response) => {
      if (url !== '/token') return false;
      answer(response);
      return true;
    };
    await expect(testHub(vendor).connectAs('ann')).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(vendor.calls['POST /token']).toBe(1);
  });

  it('is not given out without publicUrl, or for an address the app may not be sent to', async () => {
    await expect(start(testHub(vendor, { publicUrl: null }))).rejects.toMatchObject({ code: 'public_url_required' });
    await expect(start(testHub(vendor), 'ann', 'https://evil.test/')).rejects.toMatchObject({
      code: 'return_url_not_allowed',
    });
  });
});

describe('disconnecting', () => {
  it('takes the tokens out at once, then ends the authorisation at the provider', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const view = await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    expect(view.state).toBe('disconnected');
    expect(hub.store.rows.get(connectionId)).toMatchObject({
      sealedTokens: null,
      tokenExpiresAtMs: null,
      generation: 2,
    });
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect(vendor.calls['DELETE /registration']).toBe(1);
    expect(hub.store.audits.map(({ action }) => action)).toEqual([
      'connection_connected',
      'connection_disconnected',
      'provider_told',
    ]);
    expect(hub.withdrawn).toEqual([]);
  });

  it('holds no token in the open while the provider is not told yet', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    const tokens = openTokens(hub.vault, row)!;
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId: row.connectionId, erase: false });
    const stored = JSON.stringify([hub.queue.jobs, [...hub.store.rows.values()]]);
    for (const token of [tokens.accessToken, tokens.refreshToken!]) expect(stored).not.toContain(token);
  });

  it('is told the provider with fresh tokens when the old ones have run out meanwhile', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    hub.clock.ms += 7_200_000;
    vendor.fault = ({ url }, response) => url === '/registration' && Boolean(response.writeHead(503).end());
    // The first attempt spends the refresh token, so the next one must go on with the new tokens.
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    vendor.fault = () => false;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect([vendor.calls['DELETE /registration'], vendor.calls['POST /token']]).toEqual([2, 2]);
  });

  it('is audited when the provider cannot be told to the end', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    vendor.fault = ({ url }, response) => url === '/registration' && Boolean(response.writeHead(503).end());
    const [job] = hub.queue.jobs;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([expect.any(Error)]);
    hub.queue.jobs.push(job!);
    expect(await hub.queue.run(hub.connect.jobs, 8)).toEqual(['done']);
    expect(hub.store.audits.at(-1)).toMatchObject({ action: 'provider_not_told', params: { connectionId } });
  });

  it('with erase withdraws what the connection said, and does so again when that failed', async () => {
    let fails = true;
    const erased: number[] = [];
    const hub = testHub(vendor, {
      async withdraw({ generation }) {
        if (fails) throw new Error('database busy');
        erased.push(generation);
      },
    });
    const { connectionId } = await hub.connectAs('ann');
    const view = await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: true });
    expect(view.state).toBe('disconnected');
    fails = false;
    await hub.queue.run(hub.connect.jobs);
    expect(erased).toEqual([2]);
  });

  it('erases where the provider’s terms demand it', async () => {
    const hub = testHub(vendor, { deleteOnDisconnect: true });
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    await hub.queue.run(hub.connect.jobs);
    expect(hub.withdrawn.map((row) => row.connectionId)).toEqual([connectionId]);
  });

  it('does not end the new authorisation of an athlete who connected again', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    await hub.connectAs('ann');
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
  });

  it('loses nothing to a crash between the job and the write: the job finds nothing to do', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const save = hub.store.saveConnection;
    hub.store.saveConnection = async () => {
      throw new Error('killed');
    };
    await expect(hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: true })).rejects.toThrow(
      'killed',
    );
    hub.store.saveConnection = save;
    hub.clock.ms += 60_000;
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
    expect([hub.withdrawn, hub.store.rows.get(connectionId)?.state]).toEqual([[], 'connected']);
  });

  it('loses nothing to a crash after the write either: the job goes on by itself', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const audit = hub.store.audit;
    hub.store.audit = async () => {
      throw new Error('killed');
    };
    await expect(hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: true })).rejects.toThrow(
      'killed',
    );
    hub.store.audit = audit;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([]);
    hub.clock.ms += 60_000;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual(['done']);
    expect([vendor.calls['DELETE /registration'], hub.withdrawn.length]).toEqual([1, 1]);
  });

  it('works when the key of the tokens is lost: an athlete is never kept connected', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    hub.store.rows.set(row.connectionId, { ...row, sealedTokens: 'v1.lost.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA' });
    const view = await hub.connect.service.disconnect({
      athleteId: 'ann',
      connectionId: row.connectionId,
      erase: false,
    });
    expect([view.state, hub.store.rows.get(row.connectionId)?.sealedTokens]).toEqual(['disconnected', null]);
  });

  it('waits where the provider’s budget is used up, which is no failed attempt', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    vendor.fault = ({ url }, response) =>
      url === '/registration' && Boolean(response.writeHead(429, { 'retry-after': '600' }).end());
    const [job] = hub.queue.jobs;
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([expect.any(Error)]);
    hub.queue.jobs.push(job!);
    expect(await hub.queue.run(hub.connect.jobs)).toEqual([{ postponeUntilMs: hub.clock.ms + 600_000 }]);
    expect(vendor.calls['DELETE /registration']).toBe(1);
  });

  it('is for the athlete alone, and may be repeated', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    const by = (athleteId: string) => hub.connect.service.disconnect({ athleteId, connectionId, erase: false });
    await expect(by('bob')).rejects.toMatchObject({ code: 'connection_unknown' });
    await by('ann');
    expect((await by('ann')).state).toBe('disconnected');
    expect(hub.store.rows.get(connectionId)?.generation).toBe(2);
  });
});

describe('a notice of the provider', () => {
  it('that the account is deauthorised ends every connection of it, once', async () => {
    const hub = testHub(vendor);
    await hub.connectAs('ann');
    await hub.connectAs('bob');
    await hub.connect.deauthorised('stride', 'runner-1');
    await hub.connect.deauthorised('stride', 'runner-1');
    await hub.connect.deauthorised('stride', 'nobody');
    expect([...hub.store.rows.values()]).toMatchObject([
      { state: 'revoked', reason: 'connection_revoked', generation: 2, sealedTokens: null },
      { state: 'revoked', reason: 'connection_revoked', generation: 2, sealedTokens: null },
    ]);
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeUndefined();
    expect(hub.store.audits.filter(({ action }) => action === 'connection_revoked')).toHaveLength(2);
  });

  it('that comes after our own disconnect changes nothing', async () => {
    const hub = testHub(vendor);
    const { connectionId } = await hub.connectAs('ann');
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId, erase: false });
    await hub.connect.deauthorised('stride', 'runner-1');
    expect(hub.store.rows.get(connectionId)).toMatchObject({ state: 'disconnected', generation: 2 });
  });

  it('of permissions is the full new set, and keeps generation and tokens', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    await hub.connect.permissionsChanged('stride', 'runner-1', ['SLEEP']);
    await hub.connect.permissionsChanged('stride', 'runner-1', ['SLEEP']);
    expect(hub.store.rows.get(row.connectionId)).toEqual({ ...row, permissions: ['SLEEP'] });
    expect((await hub.connect.service.list('ann'))[0]?.streams).toEqual({
      runs: 'missing',
      sleep: 'granted',
      profile: 'granted',
    });
    expect(hub.store.audits.filter(({ action }) => action === 'permissions_changed')).toHaveLength(1);
  });

  it('of permissions during a refresh does not bring the old tokens back', async () => {
    const hub = testHub(vendor);
    const row = await hub.connectAs('ann');
    hub.clock.ms += 3_600_000;
    const [token] = await Promise.all([
      hub.tokens.accessToken(row.connectionId, 1),
      hub.connect.permissionsChanged('stride', 'runner-1', ['SLEEP']),
    ]);
    const now = hub.store.rows.get(row.connectionId)!;
    expect([openTokens(hub.vault, now)?.accessToken, now.permissions]).toEqual([token, ['SLEEP']]);
  });
});
