/**
 * Serves the page and passes `/v1` on to a hub, so that both have one origin. `session` stands for an app's own sign-in: it
 * gives a token to whoever asks, so it listens on this machine alone.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { buildPage } from './build.ts';

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const PASSED_ON = ['authorization', 'content-type', 'sync-protocol', 'sync-client', 'sync-schema'];

export interface PageOptions {
  /** Where the built page goes. */
  folder: string;
  hubUrl: string;
  /** Whoever opens the page is this athlete. */
  athleteId: string;
  token: string;
  /** 0 for any that is free. */
  port?: number;
}

export async function serve({ folder, hubUrl, athleteId, token, port = 0 }: PageOptions) {
  await buildPage(folder);
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://page');
    try {
      if (pathname.startsWith('/v1/')) await passOn(request, response, `${hubUrl}${pathname}${search}`);
      else if (pathname === '/session') {
        response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
        response.end(JSON.stringify({ athleteId, token }));
      } else showFile(response, folder, pathname === '/' ? '/index.html' : pathname);
    } catch {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function showFile(response: ServerResponse, folder: string, pathname: string): void {
  const type = TYPES[extname(pathname)];
  if (type === undefined || pathname.includes('..')) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
  response.end(readFileSync(join(folder, pathname)));
}

async function passOn(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
  const headers = Object.fromEntries(
    PASSED_ON.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const ended = new AbortController();
  response.on('close', () => ended.abort());
  const body = chunks.length === 0 ? undefined : Buffer.concat(chunks);
  const answer = await fetch(url, { method: request.method, headers, body, signal: ended.signal });
  const bytes = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
  response.end(bytes);
}
