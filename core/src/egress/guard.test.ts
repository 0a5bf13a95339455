import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AuthorizationCode } from 'simple-oauth2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startVendor, type TestVendor, testEgress } from './egress.test-support.ts';
import { guardedLookup } from './guard.ts';
import { SELF_SIGNED } from './self-signed.test-support.ts';

let vendor: TestVendor;
beforeEach(async () => {
  vendor = await startVendor();
});
afterEach(() => vendor.close());

/** Maps the plugin's host to `origin` and calls it; answers the error code, or the status. */
async function outcome(origin: string, options: Parameters<typeof testEgress>[2] = {}, loopback: string[] = []) {
  const { egress } = testEgress({ 'stride.api': origin }, loopback, options);
  try {
    return (await egress.fetch('stride.api', '/', { retries: 0, timeoutMs: 2_000 })).status;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    egress.close();
  }
}

describe('a connection to a literal address', () => {
  it.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://127.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://0.0.0.0',
    'http://0',
  ])('is refused before a byte is sent: %s', async (origin) => {
    expect(await outcome(`${origin}:${vendor.port}`)).toBe('egress_refused');
    expect(vendor.connections).toBe(0);
  });

  it.each([
    'https://10.0.0.1',
    'https://172.16.0.1',
    'https://192.168.0.1',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://[fe80::1]',
    'https://[fd00:ec2::254]',
    'https://[64:ff9b::7f00:1]',
  ])('is refused with https as well: %s', async (origin) => {
    expect(await outcome(origin)).toBe('egress_refused');
  });

  it('is refused over plain http even when it is public', async () => {
    expect(await outcome('http://93.184.216.34')).toBe('egress_refused');
  });

  it('is made when exactly this host and port are on the loopback list', async () => {
    expect(await outcome(vendor.url, {}, [vendor.pair])).toBe(200);
    expect(await outcome(vendor.url, {}, [`127.0.0.1:${vendor.port + 1}`, `localhost:${vendor.port}`])).toBe(
      'egress_refused',
    );
    expect(vendor.connections).toBe(1);
  });

  it('is not made to a private address because it is on the loopback list', async () => {
    expect(await outcome('http://10.0.0.1:9000', {}, ['10.0.0.1:9000'])).toBe('egress_refused');
  });
});

describe('a connection to a name', () => {
  const resolving = (...answers: string[][]) => {
    let calls = 0;
    return {
      calls: () => calls,
      resolve: async () => {
        const answer = answers[Math.min(calls, answers.length - 1)] ?? [];
        calls += 1;
        return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
    };
  };

  it.each([['127.0.0.1'], ['10.0.0.7'], ['169.254.169.254'], ['::1'], ['::ffff:127.0.0.1'], ['fd00::1']])(
    'is refused when it leads to %s',
    async (address) => {
      const { resolve } = resolving([address]);
      expect(await outcome(`https://api.stride.test:${vendor.port}`, { resolve })).toBe('egress_refused');
      expect(vendor.connections).toBe(0);
    },
  );

  it('is refused when one of its addresses is private, wherever it stands', async () => {
    const { resolve } = resolving(['93.184.216.34', '127.0.0.1']);
    expect(await outcome(`https://api.stride.test:${vendor.port}`, { resolve })).toBe('egress_refused');
    expect(vendor.connections).toBe(0);
  });

  it('asks once per connection, and connects to what was judged', async () => {
    const pair = `changing.test:${vendor.port}`;
    const names = resolving(['127.0.0.1'], ['10.0.0.7']);
    const { egress } = testEgress({ 'stride.api': `http://${pair}` }, [pair], { resolve: names.resolve });
    const call = () => egress.fetch('stride.api', '/', { retries: 0 });
    expect((await call()).status).toBe(200);
    expect(names.calls()).toBe(1);
    await expect(call()).rejects.toMatchObject({ code: 'egress_refused' });
    expect({ lookups: names.calls(), connections: vendor.connections }).toEqual({ lookups: 2, connections: 1 });
  });

  it('hands on the very addresses it judged', async () => {
    const names = resolving(['93.184.216.34', '2606:2800:220:1::1'], ['127.0.0.1']);
    const lookup = guardedLookup(names.resolve, false);
    const ask = (all: boolean) =>
      new Promise((resolve) =>
        lookup('api.stride.test', { all }, (error, address) => resolve(error ? error.message : address)),
      );
    expect(await ask(true)).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:2800:220:1::1', family: 6 },
    ]);
    expect(await ask(false)).toContain('leads to an address that is loopback');
  });

  it('fails as unavailable when the name has no address', async () => {
    expect(await outcome('https://api.stride.test', { resolve: resolving([]).resolve })).toBe('provider_unavailable');
  });
});

describe('a connection with TLS', () => {
  it('is not used when the certificate is not trusted, whatever the environment says', async () => {
    let requests = 0;
    const server = createServer(SELF_SIGNED, (_, response) => {
      requests += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pair = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { egress } = testEgress({ 'stride.api': `https://${pair}` }, [pair]);
    const error = await egress.fetch('stride.api', '/', { retries: 0 }).catch((thrown: unknown) => thrown);
    vi.unstubAllEnvs();
    server.close();
    expect(error).toMatchObject({ code: 'provider_unavailable', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(requests).toBe(0);
  });
});

describe('an agent for another HTTP client', () => {
  it('leads to its own host only, in the copy that the OAuth library makes of it as well', async () => {
    const other = await startVendor();
    vendor.answer = (_, response) => response.setHeader('content-type', 'application/json').end('{"access_token":"a"}');
    const { egress } = testEgress({ 'stride.api': vendor.url, 'other.api': other.url }, [vendor.pair, other.pair]);
    const tokenFrom = (tokenHost: string) =>
      new AuthorizationCode({
        client: { id: 'app', secret: 'shh' },
        auth: { tokenHost },
        http: { agent: egress.agentFor('stride.api') },
      }).getToken({ code: 'c', redirect_uri: 'https://hub.test' });
    expect((await tokenFrom(vendor.url)).token.access_token).toBe('a');
    await expect(tokenFrom(other.url)).rejects.toMatchObject({ code: 'egress_refused' });
    expect({ own: vendor.connections, other: other.connections }).toEqual({ own: 1, other: 0 });
    await other.close();
  });
});
