import { describe, expect, it, vi } from 'vitest';
import { ADMIN_KEY, READ_KEY, testServer } from '../testing/test-server.test-support.ts';

const object = { kind: 'activity', id: 'act_1', rev: 1, day: null, data: {}, provenance: {} } as const;
const list = vi.fn(async () => []);
const server = () =>
  testServer({
    connect: { list },
    objects: { get: async () => object },
  });

describe('who may read', () => {
  it('is the athlete, about themselves', async () => {
    const { app, as } = server();
    list.mockClear();
    const plain = await app.request('/v1/connections', { headers: await as('ann') });
    const named = await app.request('/v1/connections?athlete=a_ann', { headers: await as('ann') });
    expect([plain.status, named.status, list.mock.calls]).toEqual([200, 200, [['a_ann'], ['a_ann']]]);
  });

  it('is not an athlete about another', async () => {
    const { app, as } = server();
    const response = await app.request('/v1/connections?athlete=a_bob', { headers: await as('ann') });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'forbidden' }]);
  });

  it.each([READ_KEY, ADMIN_KEY])('is an operator who names the athlete', async (key) => {
    const { app } = server();
    list.mockClear();
    const response = await app.request('/v1/connections?athlete=a_bob', {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([response.status, list.mock.calls]).toEqual([200, [['a_bob']]]);
  });

  it('is not an operator who names nobody', async () => {
    const { app } = server();
    const response = await app.request('/v1/connections', { headers: { authorization: `Bearer ${READ_KEY}` } });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'bad_request' }]);
  });
});

describe('what an operator may not', () => {
  it.each([
    ['POST', '/v1/connections?athlete=a_bob'],
    ['POST', '/v1/connections/finish?athlete=a_bob'],
    ['DELETE', '/v1/connections/con_1?athlete=a_bob'],
    ['POST', '/v1/sync?athlete=a_bob'],
    ['GET', '/v1/sync/head?athlete=a_bob'],
    ['POST', '/v1/sync/ticket?athlete=a_bob'],
  ])('%s %s acts for an athlete', async (method, path) => {
    const { app } = server();
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'sync-protocol': '1', 'sync-client': 'c_phone-0001' };
    const response = await app.request(path, { method, headers });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'forbidden' }]);
  });
});

describe('a token in the address', () => {
  it.each(['access_token', 'token', 'authorization', 'ticket', 'jwt'])('is not looked at: ?%s=', async (name) => {
    const { app, as } = server();
    const { authorization = '' } = await as('ann');
    const response = await app.request(`/v1/connections?${name}=${authorization.replace('Bearer ', '')}`);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="coach-hub"']);
    expect(await response.json()).toMatchObject({ code: 'unauthorized' });
  });
});
