import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKey, loadConfig, openHub, silentLog } from '@coach-hub/core';
import { createCoach } from '@coach-hub/mobile-sdk';
import { openBetterSqlite3 } from '@coach-hub/mobile-sdk/better-sqlite3';
import {
  createAuth,
  createServer,
  issueAthleteToken,
  listen,
  operatorKeyring,
  sharedSecretVerifier,
} from '@coach-hub/server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { phone } from './phone.ts';

const SECRET = 'an-example-secret-of-at-least-32-bytes';
const clock = { now: () => Date.now() };
const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/** A hub behind a port, gone when the test is over. */
async function startHub() {
  const folder = await mkdtemp(join(tmpdir(), 'coach-example-'));
  const { config, secrets } = loadConfig({
    file: { data: join(folder, 'data') },
    env: { COACH_KEYS: generateKey(random), COACH_JWT_SECRET: SECRET },
    flags: {},
  });
  const projectDir = fileURLToPath(new URL('..', import.meta.url));
  const hub = await openHub({
    config,
    secrets,
    projectDir,
    pluginFlags: [],
    clock,
    random,
    log: silentLog,
    migrate: true,
    conditions: ['@coach-hub/source'],
  });
  const verifiers = [sharedSecretVerifier({ secret: SECRET, issuer: null, audience: null, clock })];
  const auth = createAuth({ athletes: hub.athletes, verifiers, operators: operatorKeyring([]) });
  const server = await listen(createServer({ hub, auth, config, clock, random, log: silentLog }), {
    host: '127.0.0.1',
    port: 0,
  });
  onTestFinished(async () => {
    await server.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });
  const token = await issueAthleteToken({ secret: SECRET, issuer: 'example', subject: 'ann', ttlS: 60, clock });
  return { folder, url: server.url, token };
}

it('logs a run offline and hands it to a hub in one sync', async () => {
  const { folder, url, token } = await startHub();
  const { shown, state, pushed, run } = await phone(join(folder, 'phone.db'), url, token);
  expect(shown[0]).toBe('');
  expect(shown).toContain('10000 m, RPE 7');
  expect({ state, pushed, pending: run?.pending, notes: run?.data.notes }).toEqual({
    state: 'idle',
    pushed: 2,
    pending: false,
    notes: 'windy',
  });
});

it('shows on one phone what was logged on another, without being asked', async () => {
  const { folder, url, token } = await startHub();
  const phones = ['one', 'other'].map((name) => {
    const database = openBetterSqlite3(join(folder, `${name}.db`));
    const coach = createCoach({ database, baseUrl: url, getToken: async () => token });
    coach.keepInSync();
    onTestFinished(async () => {
      await coach.close();
      await database.close();
    });
    return coach;
  });
  const [one, other] = phones;
  await vi.waitUntil(async () => (await other!.status()).cursorRev !== null, { timeout: 10_000 });
  const id = await one!.activities.log({ sport: 'run', title: 'Hills' });
  await vi.waitUntil(async () => (await other!.activities.get(id)) !== null, { timeout: 10_000 });
  expect((await other!.activities.get(id))?.data.title).toBe('Hills');
});
