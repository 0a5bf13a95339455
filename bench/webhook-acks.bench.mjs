import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createServer, listen } from '@coach-hub/server';
import { serve } from '@hono/node-server';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { openBenchHub, ports, WEBHOOK_SECRET } from './support/open-hub.mjs';

const CONNECTIONS = 32;
const REQUESTS = 2_000;

/** Four runs of one athlete in one push, about 2 KB. */
function payload() {
  const activity = (index) => ({
    userId: 'bench-user',
    summaryId: String(5_000 + index),
    activityId: 5_000 + index,
    activityName: 'Morning run',
    activityType: 'RUNNING',
    startTimeInSeconds: 1_777_610_400 + index * 86_400,
    startTimeOffsetInSeconds: 7_200,
    durationInSeconds: 3_000,
    distanceInMeters: 10_020.4,
    averageSpeedInMetersPerSecond: 3.34,
    averageHeartRateInBeatsPerMinute: 152,
    maxHeartRateInBeatsPerMinute: 174,
    averageRunCadenceInStepsPerMinute: 172,
    activeKilocalories: 702,
    deviceName: 'watch',
    startingLatitudeInDegree: 47.37,
    startingLongitudeInDegree: 8.54,
  });
  return Buffer.from(JSON.stringify({ activities: [0, 1, 2, 3].map(activity) }));
}

/** The plain way: one transaction, synchronous FULL, per request. */
function bareServer(folder) {
  const db = new Database(join(folder, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL, received_at INTEGER NOT NULL)',
  );
  const insert = db.prepare('INSERT INTO delivery (body, received_at) VALUES (?, ?)');
  const app = new Hono().post('/webhooks/:secret', async (c) => {
    insert.run(Buffer.from(await c.req.arrayBuffer()), Date.now());
    return c.body(null, 200, { 'content-length': '0' });
  });
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({
        port,
        close() {
          server.close();
          db.close();
        },
      }),
    );
  });
}

export default {
  name: `webhook acks at ${CONNECTIONS} connections against one FULL transaction per request`,
  unit: 'acks/s',
  better: 'higher',
  aim: 3,
  async setup() {
    const folder = mkdtempSync(join(tmpdir(), 'coach-bench-bare-'));
    const bench = await openBenchHub();
    const bare = await bareServer(folder);
    const app = createServer({ hub: bench.hub, auth: [], config: bench.config, ...ports });
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    bench.hub.start();
    const load = new Worker(new URL('./support/load-worker.mjs', import.meta.url));
    const run = (port, path) =>
      new Promise((resolve, reject) => {
        load.once('message', ({ seconds, error }) => (error ? reject(new Error(error)) : resolve(REQUESTS / seconds)));
        load.postMessage({
          port,
          path,
          body: payload(),
          headers: { 'content-type': 'application/json', 'garmin-client-id': 'bench' },
          requests: REQUESTS,
          connections: CONNECTIONS,
        });
      });
    return {
      async ours() {
        const rate = await run(Number(new URL(server.url).port), `/webhooks/garmin/${WEBHOOK_SECRET}`);
        // Reading what was acknowledged is not part of acknowledging it.
        await bench.hub.inbox.idle();
        return rate;
      },
      baseline: () => run(bare.port, '/webhooks/secret'),
      async close() {
        await load.terminate();
        await server.close();
        await bench.close();
        bare.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
