import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubError } from '@coach-hub/core';
import { getRequestListener } from '@hono/node-server';
import type { ServerApp } from './create-server.ts';

export interface ListenOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Time a client has to send its headers, ms. */
  headersTimeoutMs?: number;
  /** Time a client has to send a whole request, ms. A provider's largest delivery, 100 MB, comes within 30 s. */
  requestTimeoutMs?: number;
  /** Time for which `/readyz` answers 503 before the port closes, so that a balancer looks elsewhere, ms. Default 0. */
  noticeMs?: number;
  /** Time running requests get when the port closes, ms. */
  closeAfterMs?: number;
}

export interface Listening {
  /** Address to reach it under. */
  url: string;
  port: number;
  /**
   * Says that it is not ready any more, then stops taking requests, ends event streams, lets running requests finish,
   * and cuts off those that take too long. Resolves when the last connection is closed; calling it again waits for the
   * same end.
   */
  close(): Promise<void>;
}

/** Longer than the 60 s after which usual balancers drop an idle connection, so that they are the ones who do. */
const KEEP_ALIVE_MS = 75_000;

/** A connection on which nothing moves for so long is dropped. Event streams move every 25 s. */
const IDLE_MS = 120_000;

/** Opens the port. @throws HubError `port_in_use`, `config_invalid`. */
export async function listen(app: Pick<ServerApp, 'fetch'>, options: ListenOptions): Promise<Listening> {
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 120_000, noticeMs = 0, closeAfterMs = 10_000 } = options;
  const draining = new AbortController();
  const closing = new AbortController();
  const signals = { draining: draining.signal, closing: closing.signal };
  const answer = getRequestListener((request, { incoming }) => app.fetch(request, { ...signals, incoming }), {
    hostname: options.host,
    errorHandler: unreadableRequest,
  });
  const server = createHttpServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, Math.ceil(headersTimeoutMs / 2)),
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      // The connection ends with its answer, so that a client's next request finds another process.
      if (draining.signal.aborted) outgoing.setHeader('Connection', 'close');
      outgoing.once('close', () => closing.signal.aborted && setImmediate(() => server.closeIdleConnections()));
      void answer(incoming, outgoing);
    },
  );
  server.timeout = IDLE_MS;
  const { port } = await opened(server, options);

  async function drain(): Promise<void> {
    draining.abort();
    if (noticeMs > 0) await new Promise((resolve) => setTimeout(resolve, noticeMs));
    await shutDown(server, closing, closeAfterMs);
  }

  let closed: Promise<void> | null = null;
  return {
    url: `http://${reachableHost(options.host)}:${port}`,
    port,
    close() {
      closed ??= drain();
      return closed;
    },
  };
}

function opened(server: Server, { host, port }: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(openFailure(error, host, port)));
    server.listen({ host, port }, () => resolve(server.address() as AddressInfo));
  });
}

function shutDown(server: Server, closing: AbortController, closeAfterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), closeAfterMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    closing.abort();
    server.closeIdleConnections();
  });
}

function openFailure(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (error.code === 'EADDRINUSE') {
    return new HubError(
      'port_in_use',
      {
        what: `The server cannot listen on port ${port}.`,
        why: `Another program listens there on ${host}.`,
        fix: 'Choose another port with --port, or stop that program.',
      },
      { cause: error },
    );
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new HubError(
      'config_invalid',
      {
        what: `The server cannot listen on ${host}, port ${port}.`,
        why: error.code === 'EACCES' ? 'This account may not open that port.' : 'That is no address of this machine.',
        fix: 'Choose another with --host and --port.',
      },
      { cause: error },
    );
  }
  return error;
}

/** What comes before the app: a request whose target or Host header cannot be read. */
function unreadableRequest(): Response {
  return new Response(null, { status: 400 });
}

/** An address that stands for every interface is none that one can go to. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
