/**
 * Stands between a hub and a provider's fake, in both directions, and keeps the credentials it sees go by: tokens,
 * codes and addresses are the fake's own, so this is how a test learns them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingProxy {
  url: string;
  /** Where the fake is, and where the hub takes its notifications. */
  between(fakeUrl: string, hubUrl: string): void;
  /** The next calls of the token endpoint are answered 500, with all that was sent in the answer. */
  failTokenCalls(times: number): void;
  /** What was seen, by what it is. */
  seen: Map<string, Set<string>>;
  close(): Promise<void>;
}

/** Members of forms, addresses and JSON that are credentials. */
const NAMES = ['code', 'code_verifier', 'client_secret', 'refresh_token', 'access_token', 'state', 'token'] as const;

export async function recordingProxy(): Promise<RecordingProxy> {
  let fakeUrl = '';
  let hubUrl = '';
  let failures = 0;
  const seen: RecordingProxy['seen'] = new Map();

  function note(name: string, value: string): void {
    seen.set(name, (seen.get(name) ?? new Set()).add(value));
  }

  function look(text: string): void {
    for (const name of NAMES) {
      const found = text.matchAll(new RegExp(`(?:^|[?&])${name}=([^&#"\\s]+)|"${name}"\\s*:\\s*"([^"]+)"`, 'g'));
      for (const [, inForm, inJson] of found) note(name, inJson ?? decodeURIComponent(inForm ?? ''));
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const { method = 'GET', url = '/', headers } = request;
    const isNotification = url.startsWith('/webhooks/');
    look(url);
    look(body.toString());
    if (headers.authorization !== undefined) note('authorization', headers.authorization.replace(/^\w+ /, ''));
    if (url.includes('/oauth/token') && failures > 0) {
      failures -= 1;
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'server_error', error_description: body.toString(), got: body.toString() }));
      return;
    }
    const sent = isNotification ? body.toString().replaceAll(fakeUrl, own) : body;
    const { host: _host, connection: _connection, 'content-length': _length, ...passed } = headers;
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const got = await fetch(`${isNotification ? hubUrl : fakeUrl}${url}`, {
      method,
      headers: passed as { [name: string]: string },
      redirect: 'manual',
      ...(hasBody ? { body: sent } : {}),
    });
    const bytes = Buffer.from(await got.arrayBuffer());
    look(bytes.toString());
    look(got.headers.get('location') ?? '');
    const { 'content-encoding': _encoding, 'content-length': _bytes, ...kept } = Object.fromEntries(got.headers);
    response.writeHead(got.status, kept);
    response.end(bytes);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: own,
    seen,
    between(fake, hub) {
      fakeUrl = fake;
      hubUrl = hub;
    },
    failTokenCalls(times) {
      failures = times;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
