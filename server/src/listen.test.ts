import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, type ListenOptions, listen } from './listen.ts';
import type { HubDouble } from './testing/hub-double.test-support.ts';
import { testServer } from './testing/test-server.test-support.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

async function serve(parts: HubDouble, options: Partial<ListenOptions> = {}) {
  const listening = await listen(testServer(parts).app, { host: '127.0.0.1', port: 0, ...options });
  open.push(listening);
  return listening;
}

const alive: HubDouble = { health: { live: () => ({ ok: true }) } };

/** Everything a bare connection answers until it is closed. */
function talk({ port }: { port: number }, text: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1', () => void socket.write(text));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return {
    socket,
    answer: new Promise((resolve) => void socket.once('close', () => resolve(Buffer.concat(chunks).toString()))),
  };
}

/** A promise that the test fulfils. */
function gate() {
  let pass: () => void = () => {};
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  return { pass, passed };
}

describe('listening', () => {
  it('answers under its address', async () => {
    const { url, port } = await serve(alive);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true });
  });

  it('is port_in_use where another program listens, and names the port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => void other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serve(alive, { port })).rejects.toMatchObject({
      code: 'port_in_use',
      what: expect.stringContaining(String(port)),
    });
    other.close();
  });

  it('is config_invalid on an address that is not ours', async () => {
    await expect(serve(alive, { host: '203.0.113.1' })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('answers 400 to what is not a request', async () => {
    const listening = await serve(alive);
    const { answer } = talk(listening, 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('declares how long an answer is', async () => {
    const { url } = await serve(alive);
    expect((await fetch(`${url}/healthz`)).headers.get('content-length')).toBe('11');
  });
});

describe('a body that is too large', () => {
  it('is answered 413 although more of it is on the way', async () => {
    const server = testServer({});
    const listening = await listen(server.app, { host: '127.0.0.1', port: 0 });
    open.push(listening);
    const headers = Object.entries({ ...(await server.syncAs('ann')), Host: 'x', 'Transfer-Encoding': 'chunked' });
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const { answer } = talk(listening, `POST /v1/sync HTTP/1.1\r\n${head}\r\n${chunk.repeat(8)}`);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"payload_too_large"/);
  });
});

describe('a slow sender', () => {
  it('is cut off when its headers do not come', async () => {
    const listening = await serve(alive, { headersTimeoutMs: 100 });
    expect(await talk(listening, 'GET /healthz HTTP/1.1\r\nHost: x\r\n').answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut off when its body does not come, and the hub is no more to blame than before', async () => {
    const server = testServer({
      inbox: {
        accept: async (_plugin, _secret, { body }) => {
          for await (const _ of body as AsyncIterable<Uint8Array>);
          return { status: 200 };
        },
      },
    });
    const listening = await listen(server.app, {
      host: '127.0.0.1',
      port: 0,
      headersTimeoutMs: 100,
      requestTimeoutMs: 200,
    });
    open.push(listening);
    await talk(listening, 'POST /webhooks/stride HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab')
      .answer;
    await expect
      .poll(() => server.lines.map(({ level, message }) => `${level} ${message}`))
      .toContain('debug request abandoned');
    expect(server.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('closing', () => {
  it('lets a running request finish and takes no new one', async () => {
    const { pass, passed } = gate();
    const entered = gate();
    const listening = await serve({
      health: {
        ready: async () => {
          entered.pass();
          await passed;
          return { ok: true, checks: [] };
        },
      },
    });
    const running = fetch(`${listening.url}/readyz`);
    await entered.passed;
    const closed = listening.close();
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow();
    pass();
    expect((await running).status).toBe(200);
    await closed;
  });

  it('says for a while that it is not ready before the port closes, and goes on answering', async () => {
    const server = { ...alive, health: { ...alive.health, ready: async () => ({ ok: true, checks: [] }) } };
    const listening = await serve(server, { noticeMs: 300 });
    expect((await fetch(`${listening.url}/readyz`)).status).toBe(200);
    const closed = listening.close();
    const notReady = await fetch(`${listening.url}/readyz`);
    expect([notReady.status, await notReady.json(), notReady.headers.get('connection')]).toEqual([
      503,
      { ok: false, checks: [{ name: 'draining', ok: false }] },
      'close',
    ]);
    expect((await fetch(`${listening.url}/healthz`)).status).toBe(200);
    await closed;
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow();
  });

  it('does not wait for idle connections', async () => {
    const listening = await serve(alive, { closeAfterMs: 60_000 });
    const { socket, answer } = talk(listening, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => void socket.once('data', resolve));
    await listening.close();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('cuts off a request that takes too long', async () => {
    const entered = gate();
    const listening = await serve(
      {
        health: {
          ready() {
            entered.pass();
            return new Promise(() => {});
          },
        },
      },
      { closeAfterMs: 100 },
    );
    const running = fetch(`${listening.url}/readyz`);
    await entered.passed;
    await Promise.all([listening.close(), expect(running).rejects.toThrow()]);
  });

  it('can be asked for twice', async () => {
    const listening = await serve(alive);
    await Promise.all([listening.close(), listening.close()]);
    await listening.close();
  });
});
