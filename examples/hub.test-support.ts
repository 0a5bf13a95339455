/** A hub for examples: real, on a port of this machine, with one athlete's token. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKey, loadConfig, openHub, silentLog } from '@coach-hub/core';
import {
  createAuth,
  createServer,
  issueAthleteToken,
  listen,
  operatorKeyring,
  sharedSecretVerifier,
} from '@coach-hub/server';
import { onTestFinished } from 'vitest';

const SECRET = 'an-example-secret-of-at-least-32-bytes';
const clock = { now: () => Date.now() };
const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/** A hub behind a port, gone when the test is over. */
export async function startHub() {
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
  const token = await issueAthleteToken({ secret: SECRET, issuer: 'example', subject: 'ann', ttlS: 600, clock });
  return { folder, hub, url: server.url, token };
}
