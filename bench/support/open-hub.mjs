/** A hub on a temporary data folder, for measurements. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, openHub, silentLog } from '@coach-hub/core';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const ports = {
  clock: { now: () => Date.now() },
  random: { bytes: (count) => randomBytes(count), next: () => Math.random(), uuid: () => randomUUID() },
  log: silentLog,
};

export const WEBHOOK_SECRET = 'bench-0123456789abcdef0123456789abcdef';

export async function openBenchHub(file = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'coach-bench-'));
  const { config, secrets } = loadConfig({
    file: { data: join(folder, 'data'), pluginConfig: { garmin: { clientId: 'bench' } }, ...file },
    env: {
      COACH_KEYS: `bench:${randomBytes(32).toString('base64')}`,
      COACH_JWT_SECRET: createHash('sha256').update(folder).digest('hex'),
      COACH_GARMIN_CLIENT_SECRET: 'bench-secret-bench-secret',
      COACH_GARMIN_WEBHOOK_SECRET: WEBHOOK_SECRET,
    },
    flags: {},
  });
  const hub = await openHub({ ...ports, config, secrets, projectDir: root, pluginFlags: [], migrate: true });
  return {
    hub,
    config,
    secrets,
    folder,
    async close() {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
