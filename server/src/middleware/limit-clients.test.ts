import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../listen.ts';
import { testServer } from '../testing/test-server.test-support.ts';
import { tokenBuckets } from './token-buckets.ts';

const LIMITS = { requestsPerS: 2, requestBurst: 3 };

/** A server behind a proxy, asked by clients whose addresses the proxy tells. */
function behindProxy(limits: { requestsPerS?: number; requestBurst?: number } = LIMITS) {
  const { app, clock } = testServer({ objects: { list: async () => [] } }, { trustProxy: true, limits });
  const ask = async (forwarded: string, path = '/v1/objects/activity') => {
    const response = await app.request(path, { headers: { 'x-forwarded-for': forwarded } });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.text() };
  };
  const statuses = async (forwarded: string, count: number) => {
    const all: number[] = [];
    for (let at = 0; at < count; at++) all.push((await ask(forwarded)).status);
    return all;
  };
  return { ask, statuses, clock };
}

describe('a client that asks too often', () => {
  it('is told 429 and when to come again, and is answered then', async () => {
    const { ask, statuses, clock } = behindProxy();
    // 401: nobody's token, but it was looked at.
    expect(await statuses('192.0.2.7', 4)).toEqual([401, 401, 401, 429]);
    const { status, retryAfter, body } = await ask('192.0.2.7');
    expect([status, retryAfter, JSON.parse(body).code]).toEqual([429, '1', 'too_many_requests']);
    clock.advance(1_000);
    expect(await statuses('192.0.2.7', 3)).toEqual([401, 401, 429]);
  });

  it('takes no other client along, whatever it says of where it comes from', async () => {
    const { statuses } = behindProxy();
    expect((await statuses('192.0.2.7', 4)).at(-1)).toBe(429);
    expect(await statuses('192.0.2.8', 1)).toEqual([401]);
    expect(await statuses('192.0.2.9, 192.0.2.7', 1)).toEqual([429]);
  });

  it('is one client with all addresses of its IPv6 network', async () => {
    const { statuses } = behindProxy();
    expect((await statuses('2001:db8:0:1::1', 2)).concat(await statuses('2001:DB8:0:1:9:8:7:6', 2))).toEqual([
      401, 401, 401, 429,
    ]);
    expect(await statuses('2001:db8:0:2::1', 1)).toEqual([401]);
  });

  it('may ask for health as often as it likes, and for anything where no rate is set', async () => {
    const { ask } = behindProxy();
    const healthy = await Promise.all(Array.from({ length: 10 }, () => ask('192.0.2.7', '/healthz')));
    expect(healthy.map(({ status }) => status)).not.toContain(429);
    const { statuses } = behindProxy({ requestsPerS: 0 });
    expect(await statuses('192.0.2.7', 10)).not.toContain(429);
  });

  it('is not counted by its own word where no proxy is trusted', async () => {
    const { app } = testServer({}, { limits: LIMITS });
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const ask = () => fetch(`${server.url}/v1/connections`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await ask()).status));
    expect(statuses).not.toContain(429);
  });
});

describe('buckets of tokens', () => {
  it('fill again up to their size, and no further', () => {
    const { take } = tokenBuckets({ perSecond: 1, size: 2 });
    expect([take('a', 0), take('a', 0), take('a', 0)]).toEqual([0, 0, 1_000]);
    expect([take('a', 400), take('a', 1_000)]).toEqual([600, 0]);
    expect([take('a', 60_000), take('a', 60_000), take('a', 60_000)]).toEqual([0, 0, 1_000]);
  });

  it('are not emptied by a clock that goes back', () => {
    const { take } = tokenBuckets({ perSecond: 1, size: 2 });
    expect([take('a', 5_000), take('a', 0), take('a', 0)]).toEqual([0, 0, 1_000]);
  });

  it('of clients not seen for long are forgotten, so that new addresses cannot fill the memory', () => {
    const { take } = tokenBuckets({ perSecond: 0.001, size: 1 });
    expect([take('old', 0), take('old', 0)]).toEqual([0, 1_000_000]);
    for (let client = 0; client < 20_000; client++) take(`client ${client}`, 0);
    expect(take('old', 0)).toBe(0);
    expect(take('client 19999', 0)).toBeGreaterThan(0);
  });
});
