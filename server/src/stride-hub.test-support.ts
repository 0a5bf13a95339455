/**
 * A hub with a provider of our own making, on a real database. The provider is a package in a folder; opening the hub with
 * another edition of it is what an operator does who installs a corrected plugin.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKey, type Hub, loadConfig, type OpenedStore, openHub, silentLog } from '@coach-hub/core';
import { plugin as sqlStore } from '@coach-hub/plugin-sql-store';
import { onTestFinished } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/** What an edition of the provider does; each is the body of a function, in JavaScript. */
export interface Edition {
  mappingVersion: number;
  /** Of `(run) => claims`: `claim(externalId, fields, more)` makes one. */
  mapping: string;
  /** Of `(item) => problem or null`, before it becomes an envelope. */
  refuses?: string;
  retentionDays?: number | null;
}

/** A run as the provider sends it. Ids are the provider's; `user` is the account. */
export interface StrideRun {
  user?: string;
  id: string;
  metres?: number;
  /** `HH:MM`, UTC. */
  at?: string;
  day?: string;
  [more: string]: unknown;
}

export const PLAIN_MAPPING = 'return [claim(run.id, { distanceM: run.metres })];';

export interface StrideHub {
  hub(): Hub;
  data: string;
  /** The store beside the hub, as another process would open it. */
  beside(): Promise<OpenedStore>;
  /** Ends the hub and opens it with another edition. */
  install(edition: Edition): Promise<void>;
  /** The hub's clock runs ahead from now on. */
  advance(ms: number): void;
  connect(athleteId: string, user: string): Promise<string>;
  accept(body: StrideRun[] | string): Promise<void>;
  rest(): Promise<void>;
  /** Every live activity, by id: its data. */
  activities(athleteId: string): Promise<{ [id: string]: unknown }>;
  rev(athleteId: string): Promise<number>;
}

export async function strideHub(edition: Edition, retention: object = {}): Promise<StrideHub> {
  const folder = mkdtempSync(join(tmpdir(), 'coach-stride-'));
  const data = join(folder, 'data');
  let aheadMs = 0;
  let editions = 0;
  let connections = 0;
  const clock = { now: () => Date.now() + aheadMs };
  const { config, secrets } = loadConfig({
    file: { data, retention },
    env: { COACH_KEYS: generateKey(random), COACH_JWT_SECRET: 'x'.repeat(40) },
    flags: {},
  });
  const open = async (each: Edition) => {
    const dir = join(folder, `stride-${++editions}`);
    writePackage(dir, each);
    const hub = await openHub({
      config,
      secrets,
      projectDir: PROJECT,
      pluginFlags: [dir],
      clock,
      random,
      log: silentLog,
      migrate: true,
      conditions: ['@coach-hub/source'],
    });
    hub.start();
    return hub;
  };
  const beside = async () => {
    const opened = await sqlStore.open({ url: data, now: clock.now, random: random.next, log: silentLog });
    onTestFinished(() => opened.close());
    return opened;
  };
  let running = await open(edition);
  onTestFinished(async () => {
    await running.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    hub: () => running,
    data,
    beside,
    async install(next) {
      await running.close();
      running = await open(next);
    },
    advance(ms) {
      aheadMs += ms;
    },
    async connect(athleteId, user) {
      await running.athletes.ensure(athleteId);
      const { store } = await beside();
      const connectionId = `con_${++connections}`;
      const row = { connectionId, athleteId, plugin: 'stride', identity: user, generation: 1, permissions: [] };
      const none = { sealedTokens: null, tokenExpiresAtMs: null, connectedAtMs: clock.now(), reason: null };
      await store.saveConnection({ ...row, ...none, state: 'connected' }, null);
      return connectionId;
    },
    async accept(body) {
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify({ runs: body }));
      const request = { method: 'POST', headers: new Headers(), query: {}, body: bytes, contentLength: bytes.length };
      await running.inbox.accept('stride', null, request);
    },
    rest: () => running.inbox.idle(),
    async activities(athleteId) {
      const objects = await running.objects.list(athleteId, 'activity', { limit: 500 });
      return Object.fromEntries(objects.map(({ id, data: view }) => [id, view]));
    },
    rev: async (athleteId) => (await running.sync.head(athleteId)).rev,
  };
}

function writePackage(
  dir: string,
  { mappingVersion, mapping, refuses = 'return null;', retentionDays = null }: Edition,
) {
  mkdirSync(dir, { recursive: true });
  const manifest = {
    id: 'stride',
    contract: 1,
    kinds: ['provider'],
    normalise: './normalise',
    hosts: { 'stride.api': 'https://api.stride.test' },
    streams: ['runs'],
  };
  const exported = { '.': './index.js', './normalise': './normalise.js' };
  const packageJson = { name: 'coach-plugin-stride', version: '1.0.0', type: 'module', exports: exported };
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ ...packageJson, coach: manifest }));
  writeFileSync(
    join(dir, 'normalise.js'),
    `function claim(externalId, fields, more = {}) {
       return { kind: 'activity', externalId, form: 'summary', part: 0, origin: 'device', identities: [], groupKey: null,
         quality: null, vendorVersion: 0, supersession: 0, series: null, file: null, ...more,
         fields: { sport: 'run', startedAt: run.startedAt, elapsedS: 600, timerS: 600, ...fields } };
     }
     let run;
     export function normalise(envelope) {
       run = JSON.parse(new TextDecoder().decode(envelope.bytes));
       run.startedAt = (run.day ?? '2026-05-02') + 'T' + (run.at ?? '06:00') + ':00.000Z';
       return { claims: read(run, envelope), notes: [] };
     }
     function read(run, envelope) { ${mapping} }`,
  );
  writeFileSync(
    join(dir, 'index.js'),
    `import { normalise } from './normalise.js';
     const bytesOf = (value) => new TextEncoder().encode(JSON.stringify(value));
     const refuse = (item) => { ${refuses} };
     function split({ bytes }) {
       const result = { envelopes: [], notices: [], problems: [] };
       let body;
       try { body = JSON.parse(new TextDecoder().decode(bytes)); } catch {
         return { ...result, problems: [{ at: '', what: 'no JSON', bytes }] };
       }
       for (const [index, item] of body.runs.entries()) {
         const what = refuse(item) ?? (typeof item.user === 'string' ? null : 'no user');
         const after = result.envelopes.length;
         if (what !== null) result.problems.push({ at: 'runs[' + index + ']', what, bytes: bytesOf({ runs: [item] }), after });
         else result.envelopes.push({ identity: item.user, stream: 'runs', externalId: item.id, bytes: bytesOf(item), ref: {} });
       }
       return result;
     }
     export const plugin = {
       id: 'stride', displayName: 'Stride', variant: null, lifecycle: { state: 'available' },
       mappingVersion: ${mappingVersion},
       streams: { runs: { kinds: ['activity'], acquisition: new Set(['inline_push']), permission: null,
         time: { instant: 'utc_with_offset', day: 'start' }, expectedLatencyS: null, provisional: false,
         ambiguousOwner: false } },
       hosts: { 'stride.api': 'https://api.stride.test' }, limits: [],
       policy: { retentionDays: ${retentionDays}, aiUse: 'allowed', merging: 'allowed', audience: 'any',
         attribution: null, deleteOnDisconnect: false, region: null },
       history: { type: 'all' }, auth: { type: 'none' },
       webhook: { maxBytes: 10000000, secret: 'none', keepHeaders: [], verify: () => 'valid',
         answer: { status: 200 }, deadlineS: 30, split },
       normalise,
     };`,
  );
}
