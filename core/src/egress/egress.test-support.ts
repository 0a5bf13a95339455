/** A small vendor on loopback that counts connections, and an egress that may reach it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../hub/log.ts';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';
import { createHostTable } from './hosts.ts';

export interface TestVendor {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** `127.0.0.1:PORT` */
  pair: string;
  port: number;
  connections: number;
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startVendor(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end('{"ok":true}'),
): Promise<TestVendor> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      vendor.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      vendor.answer(request, response);
    });
  });
  server.on('connection', () => {
    vendor.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pair = `127.0.0.1:${port}`;
  const vendor: TestVendor = {
    url: `http://${pair}`,
    pair,
    port,
    connections: 0,
    requests: [],
    answer,
    close: () => closeServer(server),
  };
  return vendor;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export interface LogLine {
  level: string;
  message: string;
  fields: { [key: string]: unknown };
}

export function recordingLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: string) =>
    (message: string, fields: { [key: string]: unknown } = {}) => {
      lines.push({ level, message, fields });
    };
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

export interface TestEgress {
  egress: Egress;
  lines: LogLine[];
  /** What happened when, in ms of the fake clock. */
  timeline: string[];
  clock: { now(): number; ms: number };
}

/** The plugin `stride` with its hosts mapped as given, and `other` with one of its own. */
export function testEgress(
  mapping: { [host: string]: string },
  loopback: string[] = [],
  more: Partial<EgressOptions> = {},
): TestEgress {
  const clock = {
    ms: 1_000_000,
    now() {
      return this.ms;
    },
  };
  const timeline: string[] = [];
  const { log, lines } = recordingLog();
  const hosts = createHostTable({
    plugins: [
      {
        id: 'stride',
        hosts: { 'stride.api': 'https://api.stride.test', 'stride.files': 'https://files.stride.test:8443' },
      },
      { id: 'other', hosts: { 'other.api': 'https://api.other.test' } },
    ],
    mapping,
  });
  const egress = createEgress({
    hosts,
    loopback,
    clock,
    random: { next: () => 0.5 },
    log,
    pause: async (ms, signal) => {
      signal?.throwIfAborted();
      timeline.push(`waited ${ms}`);
      clock.ms += ms;
    },
    ...more,
  });
  return { egress, lines, timeline, clock };
}
