import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionRow } from '../store/connection-store.ts';
import { testHub } from './connect.test-support.ts';
import { type OAuthVendor, startOAuthVendor } from './connect-vendor.test-support.ts';
import { openTokens, sealTokens } from './token-set.ts';

let vendor: OAuthVendor;
let hub: ReturnType<typeof testHub>;
let row: ConnectionRow;
beforeEach(async () => {
  vendor = await startOAuthVendor();
  hub = testHub(vendor);
  row = await hub.connectAs('ann');
  vendor.calls = {};
});
afterEach(() => vendor.close());

const HOUR = 3_600_000;
const tokenOf = (from = hub) => from.tokens.accessToken(row.connectionId, row.generation);
const stored = () => hub.store.rows.get(row.connectionId)!;
const storedTokens = () => openTokens(hub.vault, stored())!;
const refreshes = () => vendor.calls['POST /token'] ?? 0;
/** Another process: its own services over the same store, clock and keys. */
const process2 = () => testHub(vendor, { store: hub.store, clock: hub.clock });

/** The token endpoint answers with this instead. */
function answering(status: number, body: object | string) {
  vendor.fault = ({ url }, response) => {
    if (url !== '/token') return false;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
    return true;
  };
}

describe('an access token', () => {
  it('is the stored one as long as it is good', async () => {
    hub.clock.ms += HOUR - 61_000;
    expect(await tokenOf()).toBe(storedTokens().accessToken);
    expect(refreshes()).toBe(0);
  });

  it('is a new one within the margin of its end, and both tokens are replaced', async () => {
    const before = storedTokens();
    hub.clock.ms += HOUR - 60_000;
    const token = await tokenOf();
    const after = storedTokens();
    expect([token, refreshes()]).toEqual([after.accessToken, 1]);
    expect(after.accessToken).not.toBe(before.accessToken);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(stored()).toMatchObject({ generation: row.generation, tokenExpiresAtMs: hub.clock.ms + HOUR });
  });

  it('is refreshed once for many callers of one process', async () => {
    hub.clock.ms += HOUR;
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf()));
    expect([new Set(tokens).size, refreshes()]).toEqual([1, 1]);
  });

  it('is refreshed once for several processes', async () => {
    const others = [process2(), process2(), process2()];
    hub.clock.ms += HOUR;
    const tokens = await Promise.all([hub, ...others, hub, ...others].map(tokenOf));
    expect([new Set(tokens).size, refreshes()]).toEqual([1, 1]);
  });

  it('that was refused is refreshed once, however many were refused', async () => {
    const refused = storedTokens().accessToken;
    const ask = (from: typeof hub) => from.tokens.accessToken(row.connectionId, row.generation, { refused });
    const first = await Promise.all([hub, process2(), hub].map(ask));
    const late = await ask(process2());
    expect([new Set([...first, late]).size, refreshes()]).toEqual([1, 1]);
    expect(late).not.toBe(refused);
  });

  it('can be asked for anew without naming the refused one, once in a while', async () => {
    const ask = () => hub.tokens.accessToken(row.connectionId, row.generation, { refresh: true });
    expect(await ask()).toBe(await ask());
    expect(refreshes()).toBe(1);
    hub.clock.ms += 10_000;
    await ask();
    expect(refreshes()).toBe(2);
  });

  it('that is being refreshed is not waited for once the caller gives up, and is saved all the same', async () => {
    hub.clock.ms += HOUR;
    const ending = new AbortController();
    const asked = hub.tokens.accessToken(row.connectionId, row.generation, { signal: ending.signal });
    ending.abort(new Error('job stopped'));
    await expect(asked).rejects.toThrow('job stopped');
    expect(await tokenOf()).toBe(storedTokens().accessToken);
    expect(refreshes()).toBe(1);
  });

  it('that is refreshed while a rotation of keys seals the old one again is saved all the same', async () => {
    hub.clock.ms += HOUR;
    vendor.fault = ({ url }) => {
      if (url !== '/token') return false;
      const { sealedTokens } = stored();
      const again = sealTokens(hub.vault, row, openTokens(hub.vault, stored())!);
      expect(again).not.toBe(sealedTokens);
      hub.store.rows.set(row.connectionId, { ...stored(), sealedTokens: again });
      return false; // and answers as always
    };
    const token = await tokenOf();
    expect([storedTokens().accessToken, refreshes()]).toEqual([token, 1]);
    hub.clock.ms += HOUR;
    vendor.fault = () => false;
    expect(await tokenOf()).not.toBe(token);
  });

  it('is not given for another generation, an unknown connection, or one that has ended', async () => {
    const ask = (generation: number, id = row.connectionId) => hub.tokens.accessToken(id, generation);
    await expect(ask(row.generation - 1)).rejects.toMatchObject({ code: 'connection_not_authorised' });
    await expect(ask(1, 'nobody')).rejects.toMatchObject({ code: 'connection_unknown' });
    await hub.connect.service.disconnect({ athleteId: 'ann', connectionId: row.connectionId, erase: false });
    await expect(ask(row.generation + 1)).rejects.toMatchObject({ code: 'connection_not_authorised' });
  });
});

describe('a refresh that fails', () => {
  it.each([
    ['the provider is down', 503, { error: 'temporarily_unavailable' }],
    ['the provider is busy', 429, {}],
    ['the answer is a page', 502, '<html>'],
    ['the answer holds no token', 200, { message: 'hello' }],
    ['the adapter knows no better', 400, { error: 'something_new' }],
  ])('because %s keeps the connection', async (_, status, body) => {
    answering(status, body);
    hub.clock.ms += HOUR;
    await expect(tokenOf()).rejects.toMatchObject({ code: 'provider_unavailable', retry: 'later' });
    expect(stored()).toEqual(row);
    vendor.fault = () => false;
    expect(await tokenOf()).toBe(storedTokens().accessToken);
  });

  it('because the line breaks keeps the connection', async () => {
    vendor.fault = ({ url }, response) => url === '/token' && Boolean(response.destroy());
    hub.clock.ms += HOUR;
    await expect(tokenOf()).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect([refreshes(), stored()]).toEqual([1, row]);
  });

  it('because our own credentials are refused keeps the connection', async () => {
    answering(401, { error: 'invalid_client' });
    hub.clock.ms += HOUR;
    await expect(tokenOf()).rejects.toMatchObject({ code: 'oauth_misconfigured' });
    expect(stored()).toEqual(row);
  });

  it('because an adapter stumbles over the answer keeps the connection', async () => {
    const other = testHub(vendor, {
      store: hub.store,
      clock: hub.clock,
      auth: {
        classifyRefreshFailure() {
          throw new TypeError('body is null');
        },
      },
    });
    answering(400, { error: 'invalid_grant' });
    hub.clock.ms += HOUR;
    await expect(tokenOf(other)).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(stored().state).toBe('connected');
  });

  it('because access was revoked ends the connection, once', async () => {
    answering(400, { error: 'invalid_grant' });
    hub.clock.ms += HOUR;
    const outcomes = await Promise.allSettled([hub, process2(), hub].map(tokenOf));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'connection_revoked' } });
    expect(stored()).toMatchObject({
      state: 'revoked',
      reason: 'connection_revoked',
      generation: 2,
      sealedTokens: null,
    });
    expect(hub.store.audits.filter(({ action }) => action === 'connection_revoked')).toHaveLength(1);
    await expect(tokenOf()).rejects.toMatchObject({ code: 'connection_revoked' });
    expect(refreshes()).toBe(1);
  });

  it('because somebody else used the refresh token ends the connection: the provider revokes the family', async () => {
    const stolen = await vendor.token({ grant_type: 'refresh_token', refresh_token: storedTokens().refreshToken! });
    expect(stolen.status).toBe(200);
    hub.clock.ms += HOUR;
    await expect(tokenOf()).rejects.toMatchObject({ code: 'connection_revoked' });
    const after = await vendor.token({ grant_type: 'refresh_token', refresh_token: String(stolen.body.refresh_token) });
    expect([stored().state, after.status]).toEqual(['revoked', 400]);
  });

  it('because there is no refresh token ends the connection', async () => {
    const tokens = { ...storedTokens(), refreshToken: null };
    hub.store.rows.set(row.connectionId, { ...row, sealedTokens: sealTokens(hub.vault, row, tokens) });
    hub.clock.ms += HOUR;
    await expect(tokenOf()).rejects.toMatchObject({ code: 'connection_revoked' });
  });

  it('with a token that another process has used in time finds the new one', async () => {
    // Our process was stopped so long that its lease ran out, and goes on with what it read before.
    const before = stored();
    hub.clock.ms += HOUR;
    const fresh = await tokenOf(process2());
    const read = hub.store.connection;
    let reads = 0;
    hub.store.connection = async (id) => {
      reads += 1;
      return reads <= 3 ? structuredClone(before) : read(id);
    };
    expect(await tokenOf()).toBe(fresh);
    expect(stored().state).toBe('connected');
  });

  it('erases where the provider’s terms demand it', async () => {
    const strict = testHub(vendor, { store: hub.store, clock: hub.clock, deleteOnDisconnect: true });
    answering(400, { error: 'invalid_grant' });
    hub.clock.ms += HOUR;
    await expect(tokenOf(strict)).rejects.toMatchObject({ code: 'connection_revoked' });
    await strict.queue.run(strict.connect.jobs);
    expect(strict.withdrawn.map(({ connectionId }) => connectionId)).toEqual([row.connectionId]);
  });
});

describe('a disconnect during a refresh', () => {
  it('wins: the new tokens are saved nowhere, and their authorisation is ended', async () => {
    hub.clock.ms += HOUR;
    vendor.fault = ({ url }) => {
      // The athlete disconnects while the provider works on the refresh.
      if (url === '/token')
        void hub.connect.service.disconnect({ athleteId: 'ann', connectionId: row.connectionId, erase: false });
      return false;
    };
    await expect(tokenOf()).rejects.toMatchObject({ code: 'connection_not_authorised' });
    vendor.fault = () => false;
    expect(stored()).toMatchObject({ state: 'disconnected', sealedTokens: null });
    await hub.queue.run(hub.connect.jobs);
    await hub.queue.run(hub.connect.jobs);
    expect(vendor.calls['DELETE /registration']).toBeGreaterThanOrEqual(1);
  });
});

describe('HTTP in the name of a connection', () => {
  const http = () => hub.tokens.connectionHttp(row);

  it('carries the token', async () => {
    expect(await http().getJson('stride.api', '/me')).toEqual({ sub: 'runner-1' });
  });

  it('refreshes once when the provider says 401, and asks again', async () => {
    let refusals = 1;
    vendor.fault = ({ url }, response) => {
      if (url !== '/permissions' || refusals === 0) return false;
      refusals -= 1;
      response.writeHead(401).end();
      return true;
    };
    expect(await http().getJson('stride.api', '/permissions')).toEqual(['ACTIVITIES']);
    expect([refreshes(), vendor.calls['GET /permissions']]).toEqual([1, 2]);
  });

  it('takes a second 401 for the answer, and keeps the connection', async () => {
    vendor.fault = ({ url }, response) => url === '/permissions' && Boolean(response.writeHead(401).end());
    await expect(http().getJson('stride.api', '/permissions')).rejects.toMatchObject({
      code: 'provider_rejected',
      details: { status: 401 },
    });
    expect([refreshes(), stored().state]).toEqual([1, 'connected']);
  });

  it('hands status and body of any answer to the adapter', async () => {
    const seen: string[] = [];
    vendor.fault = (request, response) => {
      if (request.url !== '/workout') return false;
      seen.push(`${request.method} ${request.headers['content-type']}`);
      response.writeHead(412).end('{"errorMessage":"no permission"}');
      return true;
    };
    const { status, json } = await http().request('stride.api', '/workout', { method: 'POST', json: { name: 'x' } });
    await http().request('stride.api', '/workout', { method: 'PUT', form: { a: '1' } });
    expect([status, json]).toEqual([412, { errorMessage: 'no permission' }]);
    expect(seen).toEqual(['POST application/json', 'PUT application/x-www-form-urlencoded']);
  });

  it.each([
    [429, 'rate_limited'],
    [503, 'provider_unavailable'],
    [404, 'provider_rejected'],
  ])('tells %i as %s', async (status, code) => {
    vendor.fault = ({ url }, response) => url === '/permissions' && Boolean(response.writeHead(status).end());
    await expect(http().getJson('stride.api', '/permissions')).rejects.toMatchObject({ code, details: { status } });
  });

  it('ends with the generation it was made for', async () => {
    const old = http();
    await hub.connectAs('ann');
    await expect(old.getJson('stride.api', '/me')).rejects.toMatchObject({ code: 'connection_not_authorised' });
  });

  it('leaves no token in the log', async () => {
    const { accessToken, refreshToken } = storedTokens();
    await http().getJson('stride.api', '/me');
    hub.clock.ms += HOUR;
    await http().getJson('stride.api', '/permissions');
    const said = JSON.stringify(hub.lines);
    for (const secret of [accessToken, refreshToken!, storedTokens().accessToken]) expect(said).not.toContain(secret);
  });
});
