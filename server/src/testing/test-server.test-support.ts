import { createHash } from 'node:crypto';
import { createAuth } from '../auth/create-auth.ts';
import { issueAthleteToken } from '../auth/issue-athlete-token.ts';
import { operatorKeyring } from '../auth/operator-keyring.ts';
import { sharedSecretVerifier } from '../auth/shared-secret-verifier.ts';
import { createServer, type ServerApp } from '../create-server.ts';
import type { ServerConfig } from '../deps.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type HubDouble, hubDouble } from './hub-double.test-support.ts';

export const SECRET = 'a shared secret of more than thirty-two bytes';
export const ISSUER = 'https://app.example';
export const READ_KEY = 'chk_reader-of-everything';
export const ADMIN_KEY = 'chk_admin-of-everything';

/** 2026-03-01T06:00:00.000Z */
export const START_MS = 1_772_344_800_000;

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: { [key: string]: unknown };
}

export interface TestServer {
  app: ServerApp;
  lines: LogLine[];
  clock: { now(): number; advance(ms: number): void };
  /** Headers of a request by the athlete: the subject `ann` is the athlete `a_ann`. */
  as(subject: string, ttlS?: number): Promise<{ [name: string]: string }>;
  /** The same with the headers of the sync protocol. */
  syncAs(subject: string, ttlS?: number): Promise<{ [name: string]: string }>;
}

/** A server over a hub double, with a clock that stands still and a log that is kept. */
export function testServer(
  parts: HubDouble,
  config: Partial<ServerConfig> = {},
  metrics: Metrics | null = null,
): TestServer {
  let nowMs = START_MS;
  const clock = {
    now: () => nowMs,
    advance(ms: number) {
      nowMs += ms;
    },
  };
  const hub = hubDouble({ athletes: { ofSubject: async (_issuer, subject) => `a_${subject}` }, ...parts });
  const auth = createAuth({
    athletes: hub.athletes,
    verifiers: [sharedSecretVerifier({ secret: SECRET, issuer: ISSUER, audience: null, clock })],
    operators: operatorKeyring([
      { role: 'read', sha256: sha256(READ_KEY) },
      { role: 'admin', sha256: sha256(ADMIN_KEY) },
    ]),
  });
  const { log, lines } = keptLog();
  const app = createServer({
    hub,
    auth,
    config: { publicUrl: 'https://hub.example', trustProxy: false, ...config },
    clock,
    random: countingRandom(),
    log,
    metrics,
  });
  const as = async (subject: string, ttlS = 3_600) => ({
    authorization: `Bearer ${await issueAthleteToken({ secret: SECRET, issuer: ISSUER, subject, ttlS, clock })}`,
  });
  const syncAs = async (subject: string, ttlS?: number) => ({
    ...(await as(subject, ttlS)),
    'sync-protocol': '1',
    'sync-client': 'c_phone-0001',
  });
  return { app, lines, clock, as, syncAs };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function keptLog() {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: LogLine['fields'] = {}) =>
      void lines.push({ level, message, fields });
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

/** Every draw is another one, and the same in every run. */
export function countingRandom() {
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };
  return {
    bytes: (length: number) => new Uint8Array(length).fill(next()),
    uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}`,
  };
}
