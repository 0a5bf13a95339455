import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConnection, testHub } from './connect.test-support.ts';
import { type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';
import { openTokens } from './token-set.ts';

let vendor: OAuthVendor;
beforeEach(async () => {
  vendor = await startOAuthVendor();
});
afterEach(() => vendor.close());

describe('connecting an account', () => {
  it('ends connected: identity, permissions and streams known, tokens sealed to the row', async () => {
    const hub = testHub(vendor);
    const started = await startConnection(hub);
    const done = await hub.connect.service.callback('stride', await vendor.consent(started.authorizeUrl));
    expect(done).toEqual({
      type: 'connected',
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
    const query = await vendor.consent((await startConnection(hub)).authorizeUrl);
    await hub.connect.service.callback('stride', query);
    await expect(hub.connect.service.callback('stride', query)).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it('is good once even when two redirects arrive together', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await startConnection(hub)).authorizeUrl);
    const outcomes = await Promise.allSettled([1, 2].map(() => hub.connect.service.callback('stride', query)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(vendor.calls['POST /token']).toBe(1);
  });

  it('is over after ten minutes', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await startConnection(hub)).authorizeUrl);
    hub.clock.ms += 600_000;
    await expect(hub.connect.service.callback('stride', query)).rejects.toMatchObject({ code: 'state_invalid' });
    expect(vendor.calls['POST /token']).toBeUndefined();
  });

  it.each([
    ['without a state', (query: { [name: string]: string }) => ({ code: query.code! })],
    ['with a state nobody gave out', (query: { [name: string]: string }) => ({ ...query, state: 'made-up' })],
  ])('%s is refused', async (_, change) => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await startConnection(hub)).authorizeUrl);
    await expect(hub.connect.service.callback('stride', change(query))).rejects.toMatchObject({
      code: 'state_invalid',
    });
  });

  it('does not take a code of another consent: PKCE does not fit', async () => {
    const hub = testHub(vendor);
    const stolen = await vendor.consent((await startConnection(hub, 'ann')).authorizeUrl);
    const own = await vendor.consent((await startConnection(hub, 'mallory')).authorizeUrl);
    const mixed = { ...own, code: stolen.code! };
    await expect(hub.connect.service.callback('stride', mixed)).rejects.toMatchObject({
      code: 'state_invalid',
      why: expect.stringContaining('invalid_grant'),
    });
  });

  it('does not take a code twice', async () => {
    const hub = testHub(vendor);
    const query = await vendor.consent((await startConnection(hub)).authorizeUrl);
    await hub.connect.service.callback('stride', query);
    const next = new URL((await startConnection(hub)).authorizeUrl).searchParams.get('state')!;
    const replay = hub.connect.service.callback('stride', { code: query.code!, state: next });
    await expect(replay).rejects.toMatchObject({ code: 'state_invalid' });
  });

  it('ends with consent_denied when the athlete declines, and tells where the app waits', async () => {
    vendor.declines = true;
    const hub = testHub(vendor, { returnUrls: ['coachapp://connected'] });
    const { authorizeUrl, connectionId } = await startConnection(hub, 'ann', 'coachapp://connected');
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
});
