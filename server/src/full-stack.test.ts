import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKey, type Hub, loadConfig, openHub, type SyncRequest, silentLog } from '@coach-hub/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuth } from './auth/create-auth.ts';
import { issueAthleteToken } from './auth/issue-athlete-token.ts';
import { operatorKeyring } from './auth/operator-keyring.ts';
import { sharedSecretVerifier } from './auth/shared-secret-verifier.ts';
import { createServer } from './create-server.ts';
import { type Listening, listen } from './listen.ts';
import { sseReader } from './testing/sse-reader.test-support.ts';
import { ISSUER, SECRET } from './testing/test-server.test-support.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const clock = { now: () => Date.now() };
const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/** A hub on SQLite behind a real port, and the requests a phone makes. */
async function start(data: string, key: string) {
  const { config, secrets } = loadConfig({
    file: {},
    env: { COACH_KEYS: key, COACH_JWT_SECRET: SECRET },
    flags: { data },
  });
  const hub: Hub = await openHub({
    config,
    secrets,
    projectDir: PROJECT,
    pluginFlags: [],
    clock,
    random,
    log: silentLog,
    migrate: true,
    conditions: ['@coach-hub/source'],
  });
  hub.start();
  const verifiers = [sharedSecretVerifier({ secret: SECRET, issuer: ISSUER, audience: null, clock })];
  const auth = createAuth({ athletes: hub.athletes, verifiers, operators: operatorKeyring([]) });
  const listening: Listening = await listen(createServer({ hub, auth, config, clock, random, log: silentLog }), {
    host: '127.0.0.1',
    port: 0,
  });
  return {
    listening,
    phone: (subject: string, clientId: string) => phoneOf(listening.url, subject, clientId),
    async stop() {
      await listening.close();
      await hub.close();
    },
  };
}

async function phoneOf(url: string, subject: string, clientId: string) {
  const token = await issueAthleteToken({ secret: SECRET, issuer: ISSUER, subject, ttlS: 600, clock });
  const headers = {
    authorization: `Bearer ${token}`,
    'sync-protocol': '1',
    'sync-client': clientId,
    'sync-schema': '1',
  };
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as { [member: string]: unknown } };
  };
  return {
    call,
    sync: (request: Omit<SyncRequest, 'sentAt'>) =>
      call('POST', '/v1/sync', { sentAt: new Date().toISOString(), ...request }),
    async events() {
      const { body } = await call('POST', '/v1/sync/ticket');
      const response = await fetch(`${url}/v1/sync/events?ticket=${body.ticket}`);
      return sseReader(response.body as ReadableStream<Uint8Array>);
    },
  };
}

const typedRun = (seq: number) => ({
  seq,
  mid: randomUUID(),
  stamp: `${Date.now()}:0000`,
  kind: 'activity' as const,
  id: 'act_typed-run',
  op: 'put' as const,
  set: { sport: 'run', startedAt: '2026-02-28T07:00:00.000Z', title: 'Morning run', rpe: 6 },
});

describe('a phone and a hub', () => {
  let data: string;
  let hub: Awaited<ReturnType<typeof start>>;
  const key = generateKey(random);

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'coach-server-'));
    hub = await start(data, key);
  });
  afterEach(async () => {
    await hub.stop();
    await rm(data, { recursive: true, force: true });
  });

  it('hand over a run that was typed offline, and every other phone of the athlete gets it', async () => {
    const phone = await hub.phone('ann', 'c_phone-0001');
    const tablet = await hub.phone('ann', 'c_tablet-001');
    const pushed = await phone.sync({ push: { epoch: null, batch: [typedRun(1)] } });
    expect([pushed.status, pushed.body]).toMatchObject([
      200,
      { push: { ackSeq: 1, results: [{ status: 'applied' }] } },
    ]);
    const pulled = await tablet.sync({ pull: { cursor: null } });
    expect(pulled.body).toMatchObject({ pull: { mode: 'snapshot', reason: 'first', hasMore: false } });
    expect(JSON.stringify(pulled.body)).toContain('Morning run');
  });

  it('show the later of two edits of a phone whose clock is a day ahead', async () => {
    const phone = await hub.phone('ann', 'c_phone-0001');
    const tomorrow = Date.now() + 86_400_000;
    const batch = ['first', 'second', 'third'].map((title, at) => ({
      ...typedRun(at + 1),
      stamp: `${tomorrow + at * 600_000}:0000`,
      set: { sport: 'run', title },
    }));
    const { body } = await phone.sync({ push: { epoch: null, batch } });
    expect(body).toMatchObject({ push: { results: batch.map(() => ({ stampClamped: true })) } });
    expect((await phone.call('GET', '/v1/objects/activity/act_typed-run')).body).toMatchObject({
      data: { title: 'third' },
    });
  });

  it('keep athletes apart', async () => {
    const ann = await hub.phone('ann', 'c_phone-0001');
    const bob = await hub.phone('bob', 'c_phone-0002');
    await ann.sync({ push: { epoch: null, batch: [typedRun(1)] } });
    expect((await ann.call('GET', '/v1/objects/activity/act_typed-run')).body).toMatchObject({
      data: { title: 'Morning run' },
    });
    expect(await bob.call('GET', '/v1/objects/activity/act_typed-run')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect((await bob.call('GET', '/v1/objects/activity')).body).toEqual({ objects: [] });
  });

  it('let nobody take over a client id', async () => {
    const ann = await hub.phone('ann', 'c_phone-0001');
    const bob = await hub.phone('bob', 'c_phone-0001');
    await ann.sync({ push: { epoch: null, batch: [typedRun(1)] } });
    expect(await bob.sync({ push: { epoch: null, batch: [typedRun(1)] } })).toMatchObject({
      status: 403,
      body: { code: 'client_athlete_mismatch' },
    });
  });

  it('poke each other when something new is there', async () => {
    const phone = await hub.phone('ann', 'c_phone-0001');
    const events = await (await hub.phone('ann', 'c_tablet-001')).events();
    expect([await events.next(), await events.next()]).toEqual(['retry: 3000', 'event: poke\nid: 0\ndata: {"rev":0}']);
    await phone.sync({ push: { epoch: null, batch: [typedRun(1)] } });
    expect(await events.next()).toMatch(/^event: poke\nid: [1-9]\d*\ndata: \{"rev":[1-9]\d*\}$/);
    await events.cancel();
  });

  it('agree on what is missing', async () => {
    const phone = await hub.phone('ann', 'c_phone-0001');
    expect(await phone.sync({ push: { epoch: null, batch: [typedRun(5)] } })).toMatchObject({
      status: 409,
      body: { code: 'seq_gap', expected: 1 },
    });
  });

  it('forget nothing that was acknowledged when the hub starts anew', async () => {
    const mutation = typedRun(1);
    await (await hub.phone('ann', 'c_phone-0001')).sync({ push: { epoch: null, batch: [mutation] } });
    await hub.stop();
    hub = await start(data, key);
    const phone = await hub.phone('ann', 'c_phone-0001');
    expect((await phone.call('GET', '/v1/objects/activity/act_typed-run/explain')).body).toMatchObject({
      kind: 'activity',
      id: 'act_typed-run',
    });
    expect((await phone.sync({ push: { epoch: null, batch: [mutation] } })).body).toMatchObject({
      push: { results: [{ status: 'duplicate' }] },
    });
  });

  it('tell an unknown hook and a wrong secret in the same words', async () => {
    const post = async (path: string) => {
      const response = await fetch(`${hub.listening.url}${path}`, { method: 'POST', body: '{}' });
      const { requestId: _, ...problem } = (await response.json()) as { [member: string]: unknown };
      return problem;
    };
    const unknown = await post('/webhooks/nobody/secret');
    expect(unknown).toMatchObject({ status: 404, code: 'not_found' });
    expect(await post('/webhooks/garmin/wrong')).toEqual(unknown);
  });

  it('are ready', async () => {
    const response = await fetch(`${hub.listening.url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([200, { ok: true }]);
  });
});
