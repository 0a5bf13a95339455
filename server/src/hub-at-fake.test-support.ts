/** A hub over a real database, told things by the fake vendor over HTTP. Everything goes when the test ends. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  generateKey,
  type Hub,
  loadConfig,
  type OpenHubOptions,
  openHub,
  type RunningFake,
  silentLog,
} from '@coach-hub/core';
import { fake as vendor } from '@coach-hub/plugin-garmin/fake';
import { onTestFinished } from 'vitest';
import { createAuth } from './auth/create-auth.ts';
import { issueAthleteToken } from './auth/issue-athlete-token.ts';
import { operatorKeyring } from './auth/operator-keyring.ts';
import { sharedSecretVerifier } from './auth/shared-secret-verifier.ts';
import { createServer } from './create-server.ts';
import { listen } from './listen.ts';
import { createPrometheus } from './metrics/prometheus.ts';
import { READ_KEY, sha256 } from './testing/test-server.test-support.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const JWT_SECRET = 'x'.repeat(40);
const ISSUER = 'https://app.test';
const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

export interface HubAtFakeOptions {
  /** Where the vendor's hosts lead, by what the fake says; by default to the fake. */
  hosts?(fake: { [host: string]: string }): { [host: string]: string };
  /** Pairs that may lead to this machine, besides the fake. */
  loopback?: string[];
  resolve?: OpenHubOptions['resolve'];
  /** Time a sender has for a whole request, ms. */
  requestTimeoutMs?: number;
  /** As `limits` of the configuration. */
  limits?: { [limit: string]: number };
}

export interface HubAtFake {
  /** The one that runs now. */
  hub(): Hub;
  garmin: RunningFake;
  /** Where the server listens. */
  url(): string;
  /** What `/metrics` answers an operator: the value of each series. */
  scrape(): Promise<{ [series: string]: number }>;
  secret: string;
  /** The hub's clock runs ahead from now on. */
  advance(ms: number): void;
  /** Ends the hub and opens the same data again. `between` may look at the data folder meanwhile. */
  restart(between?: (data: string) => void): Promise<void>;
  /** Keys of the vault that the running hub was opened with, newest first. */
  keys: string[];
  /** Another process on the same data, with keys of its own; it is not at work, as commands are. */
  beside(keys: readonly string[]): Promise<Hub>;
  data: string;
  /** A bearer token of somebody the app knows. */
  token(subject: string): Promise<string>;
  /** An athlete whose account is connected; an account given is connected again. */
  connect(athleteId: string, userId?: string): Promise<{ userId: string; connectionId: string }>;
  /** The hub takes a body as the vendor sends it. */
  accept(body: string | Uint8Array): Promise<unknown>;
  /** Everything sent and everything come in is done. */
  rest(): Promise<void>;
}

export async function hubAtFake(options: HubAtFakeOptions = {}): Promise<HubAtFake> {
  const folder = await mkdtemp(join(tmpdir(), 'coach-inbox-'));
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs };
  const garmin = await vendor.start({ port: 0, now: clock.now, random: random.next, log: silentLog });
  const secret = String(garmin.pluginConfig.webhookSecret);
  const data = join(folder, 'data');
  const { config, secrets } = loadConfig({
    file: {
      data,
      publicUrl: 'http://127.0.0.1:9',
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      pluginConfig: { garmin: { clientId: garmin.pluginConfig.clientId ?? '' } },
      egress: {
        hosts: options.hosts?.(garmin.hosts) ?? garmin.hosts,
        loopback: [new URL(garmin.url).host, ...(options.loopback ?? [])],
      },
    },
    env: {
      COACH_KEYS: generateKey(random),
      COACH_JWT_SECRET: JWT_SECRET,
      COACH_GARMIN_CLIENT_SECRET: garmin.pluginConfig.clientSecret,
      COACH_GARMIN_WEBHOOK_SECRET: secret,
    },
    flags: {},
  });
  const openWith = async (vaultKeys: string[]) => {
    const metrics = await createPrometheus({ version: '0.0.0-test', process: false });
    const hub = await openHub({
      config,
      secrets: { ...secrets, vaultKeys },
      projectDir: PROJECT,
      pluginFlags: [],
      clock,
      random,
      log: silentLog,
      meter: metrics.meter,
      migrate: true,
      ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
      conditions: ['@coach-hub/source'],
    });
    return { hub, metrics };
  };
  const open = async () => {
    const { hub, metrics } = await openWith(secrets.vaultKeys);
    const verifiers = [sharedSecretVerifier({ secret: JWT_SECRET, issuer: ISSUER, audience: null, clock })];
    const operators = operatorKeyring([{ role: 'read', sha256: sha256(READ_KEY) }]);
    const auth = createAuth({ athletes: hub.athletes, verifiers, operators });
    const { requestTimeoutMs = 60_000 } = options;
    const at = { host: '127.0.0.1', port: 0, requestTimeoutMs, headersTimeoutMs: Math.min(10_000, requestTimeoutMs) };
    const listening = await listen(createServer({ hub, auth, config, clock, random, log: silentLog, metrics }), at);
    garmin.setWebhook(`${listening.url}/webhooks/garmin/${secret}`);
    hub.start();
    return { hub, listening };
  };
  let running = await open();
  const close = async () => {
    await running.listening.close();
    await running.hub.close();
  };
  onTestFinished(async () => {
    await close();
    await garmin.close();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    hub: () => running.hub,
    garmin,
    secret,
    data,
    keys: secrets.vaultKeys,
    async beside(keys) {
      const { hub } = await openWith([...keys]);
      onTestFinished(() => hub.close());
      return hub;
    },
    token: (subject) => issueAthleteToken({ secret: JWT_SECRET, issuer: ISSUER, subject, ttlS: 600, clock }),
    url: () => running.listening.url,
    async scrape() {
      const answer = await fetch(`${running.listening.url}/metrics`, {
        headers: { authorization: `Bearer ${READ_KEY}` },
      });
      return seriesOf(await answer.text());
    },
    advance(ms) {
      aheadMs += ms;
    },
    async restart(between) {
      await close();
      between?.(data);
      running = await open();
    },
    async connect(athleteId, known) {
      const userId = known ?? String((await garmin.act('account', { userId: `user-${athleteId}` })).userId);
      const { hub } = running;
      await hub.athletes.ensure(athleteId);
      const asked = { athleteId, clientId: null, provider: 'garmin', returnUrl: null };
      const { authorizeUrl } = await hub.connect.start(asked);
      const consent = await garmin.act('consent', { url: authorizeUrl, userId, follow: false });
      const back = new URL(String(consent.redirectUrl));
      await hub.connect.callback('garmin', Object.fromEntries(back.searchParams));
      const [connection] = await hub.connect.list(athleteId);
      return { userId, connectionId: connection!.connectionId };
    },
    accept(body) {
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      const headers = new Headers({ 'content-type': 'application/json' });
      const request = { method: 'POST', headers, query: {}, body: bytes, contentLength: bytes.length };
      return running.hub.inbox.accept('garmin', secret, request);
    },
    async rest() {
      await garmin.act('settle', {});
      await running.hub.inbox.idle();
    },
  };
}

/** The value of each series, as `name{label="value"}`. */
export function seriesOf(exposition: string): { [series: string]: number } {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** A change beside the hub, while none runs. */
export function changeDatabase(data: string, statement: string, ...values: (string | Uint8Array)[]): void {
  const database = openDatabase(data);
  database.prepare(statement).run(...values);
  database.close();
}

/** Rows as they are stored. */
export function readDatabase(data: string, query: string): unknown[] {
  const database = openDatabase(data);
  const rows = database.prepare(query).all();
  database.close();
  return rows;
}

interface Database {
  prepare(statement: string): { run(...values: (string | Uint8Array)[]): unknown; all(): unknown[] };
  close(): void;
}

function openDatabase(data: string): Database {
  // The driver is the store's, not the server's.
  const load = createRequire(new URL('../../plugins/sql-store/src/index.ts', import.meta.url));
  const Driver = load('better-sqlite3') as new (path: string) => Database;
  return new Driver(join(data, 'coach.db'));
}
