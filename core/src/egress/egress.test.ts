import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestLimit } from '../provider/policy.ts';
import { startVendor, type TestVendor, testEgress } from './egress.test-support.ts';
import { jsonOf } from './request.ts';

let vendor: TestVendor;
let other: TestVendor;
beforeEach(async () => {
  vendor = await startVendor();
  other = await startVendor();
});
afterEach(() => Promise.all([vendor.close(), other.close()]));

const TOKEN = { plugin: 'stride', value: 'secret-token-value' };

function open(more: Parameters<typeof testEgress>[2] = {}) {
  return testEgress({ 'stride.api': vendor.url, 'other.api': other.url }, [vendor.pair, other.pair], more);
}

describe('a call to a logical host', () => {
  it('reaches the origin it is mapped to, with query, body and token', async () => {
    const { egress } = open();
    const response = await egress.fetch('stride.api', '/v2/days', {
      method: 'POST',
      query: { since: '1 & 2' },
      headers: { 'content-type': 'application/json' },
      body: '{"a":"é"}',
      token: TOKEN,
    });
    expect(jsonOf(response)).toEqual({ ok: true });
    expect(vendor.requests[0]).toMatchObject({
      method: 'POST',
      url: '/v2/days?since=1+%26+2',
      body: '{"a":"é"}',
      headers: { authorization: `Bearer ${TOKEN.value}`, 'content-type': 'application/json', 'content-length': '10' },
    });
  });

  it('puts the credential where the provider wants it', async () => {
    const { egress } = open();
    await egress.fetch('stride.api', '/a', { token: { ...TOKEN, place: { in: 'query', name: 'key' } } });
    await egress.fetch('stride.api', '/b', { token: { ...TOKEN, place: { in: 'header', name: 'X-Api-Key' } } });
    expect(vendor.requests.map(({ url, headers }) => [url, headers.authorization, headers['x-api-key']])).toEqual([
      [`/a?key=${TOKEN.value}`, undefined, undefined],
      ['/b', undefined, TOKEN.value],
    ]);
  });

  it('resolves for a status that is no success: the adapter judges', async () => {
    vendor.answer = (_, response) => response.writeHead(412).end('{"errorMessage":"no"}');
    const { egress } = open();
    const response = await egress.fetch('stride.api', '/');
    expect([response.status, jsonOf(response)]).toEqual([412, { errorMessage: 'no' }]);
  });

  it.each([
    ['a host that no plugin declares', 'stride.unknown', '/'],
    ['a path that leads elsewhere', 'stride.api', '@evil.test/'],
    ['a path without a slash', 'stride.api', 'v2'],
  ])('is refused for %s', async (_, host, path) => {
    await expect(open().egress.fetch(host, path)).rejects.toMatchObject({ code: 'egress_refused' });
    expect(vendor.connections).toBe(0);
  });

  it('takes a path with two slashes as a path', async () => {
    await open().egress.fetch('stride.api', '//evil.test/x');
    expect(vendor.requests[0]?.url).toBe('//evil.test/x');
  });

  it('refuses headers that would carry a credential past the check', async () => {
    const call = open().egress.fetch('stride.api', '/', { headers: { Authorization: 'Bearer x' } });
    await expect(call).rejects.toMatchObject({ code: 'egress_refused' });
  });

  it('never carries a token to a host of another plugin', async () => {
    await expect(open().egress.fetch('other.api', '/', { token: TOKEN })).rejects.toMatchObject({
      code: 'egress_refused',
    });
    expect(other.connections).toBe(0);
  });
});

describe('an address a provider gave', () => {
  const follow = (url: string, allowedHosts = ['stride.api', 'stride.files']) =>
    open().egress.fetchUrl(url, { allowedHosts, token: TOKEN });
  const refusalOf = (url: string) => open().egress.refusalOf(url, { allowedHosts: ['stride.api', 'stride.files'] });

  it('is called verbatim when it is on the mapped origin', async () => {
    await follow(`${vendor.url}/files?id=A%2FB&token=T~T`);
    expect(vendor.requests[0]?.url).toBe('/files?id=A%2FB&token=T~T');
  });

  it('is sent to the mapped origin when it names the declared one', async () => {
    await follow('https://api.stride.test/files?id=1');
    expect(vendor.requests[0]?.url).toBe('/files?id=1');
  });

  it.each([
    ['another host', () => 'https://evil.test/files'],
    ['another plugin’s host', () => `${other.url}/files`],
    ['another port of the same machine', () => `http://127.0.0.1:${other.port + 1}/`],
    ['a private address', () => 'https://10.0.0.1/'],
    ['the metadata address', () => 'http://169.254.169.254/latest/meta-data/'],
    ['this machine by name', () => `http://localhost:${vendor.port}/`],
    ['this machine in decimal, on another port', () => 'http://2130706433/'],
    ['a user name', () => `http://user@127.0.0.1:${vendor.port}/`],
    ['a user name that looks like the host', () => 'https://api.stride.test@evil.test/'],
    ['plain http to the declared host', () => 'http://api.stride.test/'],
    ['a port nobody declared', () => 'https://api.stride.test:444/'],
    ['a declared host that is not allowed here', () => 'https://api.other.test/'],
    ['a backslash', () => 'https://api.stride.test\\@evil.test/'],
    ['a line break', () => 'https://api.stride.test/\nx'],
    ['a name with a dot at its end', () => 'https://api.stride.test./'],
    ['a longer name', () => 'https://api.stride.test.evil.test/'],
    ['a file', () => 'file:///etc/passwd'],
    ['no address at all', () => '/files'],
  ])('is refused for %s, and no byte is sent', async (_, url) => {
    await expect(follow(url())).rejects.toMatchObject({ code: 'egress_refused' });
    expect(refusalOf(url())).toMatchObject({ code: 'egress_refused' });
    expect([vendor.connections, other.connections]).toEqual([0, 0]);
  });

  it('is not refused by its letters alone where it may be tried', () => {
    expect(refusalOf('https://api.stride.test/files?id=1')).toBeNull();
    expect(refusalOf(`${vendor.url}/files`)).toBeNull();
    expect(vendor.connections).toBe(0);
  });

  it('does not tell the token when it is refused', async () => {
    const error = await follow('https://evil.test/files?token=SECRET').catch((thrown: Error) => thrown);
    expect(String((error as Error).message)).not.toContain('SECRET');
  });
});

describe('a redirect', () => {
  const redirectTo = (location: string) => {
    vendor.answer = ({ url }, response) =>
      url === '/start' ? response.writeHead(302, { location }).end() : response.end('{"arrived":true}');
  };

  it('is refused when none were allowed', async () => {
    redirectTo(`${vendor.url}/end`);
    await expect(open().egress.fetch('stride.api', '/start')).rejects.toMatchObject({ code: 'egress_refused' });
    expect(vendor.requests).toHaveLength(1);
  });

  it('is followed within the host when allowed', async () => {
    redirectTo('/end');
    const response = await open().egress.fetch('stride.api', '/start', { redirects: 1, token: TOKEN });
    expect(jsonOf(response)).toEqual({ arrived: true });
  });

  it.each(['http://169.254.169.254/', 'https://evil.test/', 'http://10.0.0.1/', '//evil.test/x'])(
    'to %s is refused even when redirects are allowed',
    async (location) => {
      redirectTo(location);
      const call = open().egress.fetch('stride.api', '/start', { redirects: 3, token: TOKEN });
      await expect(call).rejects.toMatchObject({ code: 'egress_refused' });
    },
  );

  it('to another plugin’s host is refused, so the token stays', async () => {
    redirectTo(`${other.url}/steal`);
    const call = open().egress.fetch('stride.api', '/start', { redirects: 3, token: TOKEN });
    await expect(call).rejects.toMatchObject({ code: 'egress_refused' });
    expect(other.connections).toBe(0);
  });

  it('ends after as many hops as were allowed', async () => {
    vendor.answer = (_, response) => response.writeHead(302, { location: '/start' }).end();
    await expect(open().egress.fetch('stride.api', '/start', { redirects: 2 })).rejects.toMatchObject({
      code: 'egress_refused',
    });
    expect(vendor.requests).toHaveLength(3);
  });
});

describe('an answer', () => {
  it('is cut off at its cap, announced or not', async () => {
    vendor.answer = ({ url }, response) => {
      if (url === '/announced') response.writeHead(200, { 'content-length': '2000' });
      for (let sent = 0; sent < 10; sent += 1) response.write('x'.repeat(200));
      response.end();
    };
    const { egress } = open();
    for (const path of ['/announced', '/streamed']) {
      await expect(egress.fetch('stride.api', path, { maxBytes: 1_000 })).rejects.toMatchObject({
        code: 'egress_too_large',
      });
    }
    expect((await egress.fetch('stride.api', '/streamed', { maxBytes: 2_000 })).body).toHaveLength(2_000);
  });

  it('is unpacked, and its cap counts what comes out', async () => {
    const packed = gzipSync(Buffer.alloc(100_000));
    vendor.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    const { egress } = open();
    expect((await egress.fetch('stride.api', '/')).body).toHaveLength(100_000);
    await expect(egress.fetch('stride.api', '/', { maxBytes: 99_999 })).rejects.toMatchObject({
      code: 'egress_too_large',
    });
  });

  it('that does not come in time is given up, head or body', async () => {
    vendor.answer = ({ url }, response) => {
      if (url === '/body') response.write('half');
    };
    const { egress } = open();
    for (const path of ['/head', '/body']) {
      const call = egress.fetch('stride.api', path, { timeoutMs: 50, retries: 0 });
      await expect(call).rejects.toMatchObject({ code: 'provider_unavailable', why: 'It took longer than 50 ms.' });
    }
  });

  it('is not waited for once the caller gives up', async () => {
    vendor.answer = () => {};
    const ending = new AbortController();
    const call = open().egress.fetch('stride.api', '/', { signal: ending.signal });
    setTimeout(() => ending.abort(new Error('the job was stopped')), 20);
    await expect(call).rejects.toThrow('the job was stopped');
  });
});

describe('an attempt that fails', () => {
  const failing = (times: number, status: number, headers: { [name: string]: string } = {}) => {
    vendor.answer = (_, response) =>
      vendor.requests.length <= times ? response.writeHead(status, headers).end() : response.end('{}');
  };

  it('is repeated with full jitter', async () => {
    failing(2, 503);
    const { egress, timeline } = open();
    expect((await egress.fetch('stride.api', '/')).status).toBe(200);
    expect(timeline).toEqual(['waited 125', 'waited 250']);
  });

  it('is repeated after Retry-After', async () => {
    failing(1, 429, { 'retry-after': '2' });
    const { egress, timeline } = open();
    expect((await egress.fetch('stride.api', '/')).status).toBe(200);
    expect(timeline).toEqual(['waited 2145']);
  });

  it('is handed back when Retry-After is longer than one waits in place, and holds the next call back', async () => {
    failing(1, 429, { 'retry-after': '120' });
    const { egress, clock } = open();
    expect(await egress.fetch('stride.api', '/')).toMatchObject({ status: 429, retryAfterMs: 120_000 });
    const untilMs = clock.ms + 120_000;
    await expect(egress.fetch('stride.api', '/')).rejects.toMatchObject({ code: 'rate_limited', details: { untilMs } });
    clock.ms = untilMs;
    expect((await egress.fetch('stride.api', '/')).status).toBe(200);
  });

  it('is repeated when the connection breaks', async () => {
    vendor.answer = (request, response) =>
      vendor.requests.length === 1 ? request.socket.destroy() : response.end('{}');
    expect((await open().egress.fetch('stride.api', '/')).status).toBe(200);
  });

  it('is the answer after the last try', async () => {
    failing(9, 500);
    expect((await open().egress.fetch('stride.api', '/', { retries: 1 })).status).toBe(500);
    expect(vendor.requests).toHaveLength(2);
  });

  it.each(['POST', 'PUT', 'DELETE'] as const)('is not repeated for %s, whose outcome is unknown', async (method) => {
    failing(9, 503);
    expect((await open().egress.fetch('stride.api', '/', { method })).status).toBe(503);
    expect(vendor.requests).toHaveLength(1);
  });

  it('is not repeated for a refusal of the provider', async () => {
    failing(9, 404);
    await open().egress.fetch('stride.api', '/');
    expect(vendor.requests).toHaveLength(1);
  });
});

describe('a request budget', () => {
  const limit = (more: Partial<RequestLimit>): RequestLimit => ({
    scope: 'app',
    windowS: 60,
    requests: 2,
    window: 'fixed',
    remainingHeader: null,
    ...more,
  });
  const within = (...limits: RequestLimit[]) => open({ limits: () => limits });

  it('holds the call back until its window ends, and no byte is sent', async () => {
    const { egress } = within(limit({}));
    await egress.fetch('stride.api', '/');
    await egress.fetch('stride.api', '/');
    await expect(egress.fetch('stride.api', '/')).rejects.toMatchObject({
      code: 'rate_limited',
      details: { untilMs: 1_020_000 },
    });
    expect(vendor.requests).toHaveLength(2);
  });

  it('counts retries and calls made with an agent', async () => {
    vendor.answer = (_, response) => response.writeHead(500).end();
    const { egress } = within(limit({}));
    await egress.takeBudget('stride.api');
    await expect(egress.fetch('stride.api', '/')).rejects.toMatchObject({ code: 'rate_limited' });
    expect(vendor.requests).toHaveLength(1);
  });

  it('leaves half of itself to live traffic', async () => {
    const { egress } = within(limit({}));
    await egress.fetch('stride.api', '/', { priority: 'history' });
    await expect(egress.fetch('stride.api', '/', { priority: 'history' })).rejects.toMatchObject({
      code: 'rate_limited',
    });
    expect((await egress.fetch('stride.api', '/')).status).toBe(200);
  });

  it('of one user does not hold back another', async () => {
    const { egress } = within(limit({ scope: 'user', requests: 1 }));
    await egress.fetch('stride.api', '/', { subject: 'a' });
    await expect(egress.fetch('stride.api', '/', { subject: 'a' })).rejects.toMatchObject({ code: 'rate_limited' });
    expect((await egress.fetch('stride.api', '/', { subject: 'b' })).status).toBe(200);
  });

  it('learns from the provider what others have used', async () => {
    vendor.answer = (_, response) => response.setHeader('x-left', '0').end('{}');
    const { egress } = within(limit({ requests: 100, remainingHeader: 'X-Left' }));
    await egress.fetch('stride.api', '/');
    await expect(egress.fetch('stride.api', '/')).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('what logs and errors show', () => {
  it('is method, host and path: no query, no token, no body', async () => {
    vendor.answer = ({ url }, response) => (url?.startsWith('/ok') ? response.end('{"heart":61}') : response.destroy());
    const { egress, lines } = open();
    await egress.fetch('stride.api', '/ok', { query: { key: 'query-secret' }, token: TOKEN });
    const error = await egress
      .fetch('stride.api', '/broken', {
        method: 'POST',
        body: 'body-secret',
        query: { key: 'query-secret' },
        token: TOKEN,
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_unavailable', what: `POST ${vendor.pair}/broken got no answer.` });
    const cause = (error as Error).cause as Error;
    const all = JSON.stringify([lines, error, Object.entries(cause), cause.message, (error as Error).message]);
    for (const secret of ['query-secret', 'body-secret', TOKEN.value, 'heart']) expect(all).not.toContain(secret);
    expect(lines[0]).toMatchObject({
      message: 'provider answered',
      fields: { request: `GET ${vendor.pair}/ok`, status: 200 },
    });
  });
});
