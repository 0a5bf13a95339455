/** One hub: a project folder and the `coach serve` that runs in it, again and again, on one port. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { issueAthleteToken } from '@coach-hub/server';
import { startCoach } from './process.mjs';

const DAY_S = 86_400;

/**
 * @param databases where it gets a PostgreSQL database of its own; null for a data folder.
 * @param vendor the running fake; its addresses and secrets become the hub's.
 * @param origin where the hub finds the vendor: the fake, or somebody who stands before it.
 */
export async function makeHub({ folder, databases, vendor, origin, name }) {
  const dir = join(folder, name);
  const db = await databases?.create(name);
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const secret = (of) => createHash('sha256').update(`${folder} ${of}`).digest();
  const jwtSecret = secret('tokens').toString('hex');
  const env = {
    COACH_KEYS: `crash:${secret('vault').toString('base64')}`,
    COACH_JWT_SECRET: jwtSecret,
    ...(db ? { COACH_DB: db } : {}),
    COACH_GARMIN_CLIENT_SECRET: vendor.pluginConfig.clientSecret,
    COACH_GARMIN_WEBHOOK_SECRET: vendor.pluginConfig.webhookSecret,
  };
  const config = {
    data: 'data',
    port,
    publicUrl: url,
    pluginConfig: { garmin: { clientId: vendor.pluginConfig.clientId } },
    egress: {
      hosts: { ...vendor.hosts, 'garmin.api': origin },
      loopback: [new URL(vendor.url).host, new URL(origin).host],
    },
  };
  writeFileSync(join(dir, 'coach.config.json'), `${JSON.stringify(config, null, 2)}\n`);
  let process = null;

  return {
    data: db ?? join(dir, 'data'),
    url,
    webhook: `${url}/webhooks/garmin/${vendor.pluginConfig.webhookSecret}`,
    tokenOf: (subject) =>
      issueAthleteToken({ secret: jwtSecret, issuer: 'crash', subject, ttlS: DAY_S, clock: { now: Date.now } }),
    /** Starts the server; resolves true when it answers, false when it was killed before. */
    async start() {
      const started = startCoach(['serve', '--json'], { cwd: dir, env });
      process = started;
      const isUp = await started.says('"loopback"');
      if (!isUp && (await started.ended).signal !== 'SIGKILL') {
        throw new Error(`The hub "${name}" did not start:\n${started.errors()}`);
      }
      return isUp;
    },
    kill: () => process.kill('SIGKILL'),
    async stop() {
      const { code } = await process.kill('SIGTERM');
      if (code !== 0) throw new Error(`The hub "${name}" ended with ${code}:\n${process.errors()}`);
    },
    /** What it wrote since it was started. */
    log: () => process.errors(),
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
  });
}
