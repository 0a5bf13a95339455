/**
 * What good requests feel of bad ones: p95 of their answers with the bad ones beside them, against the p95 of the same
 * good ones alone. One row for each kind of bad request the answers' test names.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { silentLog } from '@coach-hub/core';
import { fake } from '@coach-hub/plugin-garmin/fake';
import { makeHub } from '../scripts/crash/hub.mjs';
import { keepSending } from './support/bad-sender.mjs';

const KIB = 1024;
const MIB = 1024 * KIB;
const PIECE = 64 * KIB;
const GARMIN_MAX_BYTES = 128 * MIB;

const GOOD_PER_SECOND = 100;
const ROUND_MS = 1_000;
/** The bad ones are under way when the good ones begin. */
const LEAD_MS = 100;
const EVERY_MS = 50;

const ATHLETE = 'bench-runner';
/** Runs that go to and fro before it is measured: code that is compiled, tables that are not empty. */
const WARM_UP_MS = 2_000;

const run = (userId, activityId) => ({
  userId,
  summaryId: String(activityId),
  activityId,
  activityType: 'RUNNING',
  startTimeInSeconds: 1_700_000_000 + (activityId % 10_000) * 3_600,
  startTimeOffsetInSeconds: 7_200,
  durationInSeconds: 3_000,
  distanceInMeters: 10_020.4,
  averageHeartRateInBeatsPerMinute: 152,
});
const JSON_BODY = { 'content-type': 'application/json' };
const activities = (...items) => JSON.stringify({ activities: items });
const ping = (userId, stream, callbackURL, more = {}) =>
  JSON.stringify({ [stream]: [{ userId, callbackURL, ...more }] });
const pull = '/wellness-api/rest/activityDetails?uploadStartTimeInSeconds=1&uploadEndTimeInSeconds=2&token=';

/** Kinds of bad requests, by what is wrong; each gives the requests that are sent in turns. */
const KINDS = {
  // For comparison: what the same number of harmless requests costs.
  'requests for its health': () => [{ method: 'GET', path: '/healthz' }],
  'a wrong webhook secret': ({ userId }) => [
    { path: '/webhooks/garmin/guessed', body: activities(run(userId, 1)) },
    { path: '/webhooks/garmin', body: activities(run(userId, 1)) },
  ],
  'an athlete nobody knows': ({ webhook }) => [{ path: webhook, body: activities(run('nobody', 1)) }],
  'a body over 1 MiB': ({ authorization }) => [
    { path: '/v1/connections', headers: { authorization, 'content-length': 2 * MIB }, body: '{' },
    { path: '/v1/connections', headers: { authorization }, pieces: (2 * MIB) / PIECE },
  ],
  'a webhook over 128 MiB': ({ webhook }) => [
    { path: webhook, headers: { 'content-length': GARMIN_MAX_BYTES + 1 }, body: '{' },
    { path: webhook, pieces: GARMIN_MAX_BYTES / PIECE + 1 },
  ],
  'broken JSON': ({ webhook, authorization }) => [
    { path: webhook, body: '{"activities":[' },
    { path: '/v1/connections', headers: { authorization }, body: '{"provider"' },
  ],
  'one bad item in a batch': ({ webhook, userId }) => [
    { path: webhook, body: activities(run(userId, 1), 'no object') },
  ],
  'a callback address that is refused': ({ webhook, userId, url }) =>
    [
      `${url}${pull}`,
      `https://10.0.0.7${pull}`,
      `http://169.254.169.254/latest/meta-data/?`,
      `https://apis.garmin.example${pull}`,
    ].flatMap((url) =>
      Array.from({ length: 50 }, (_, at) => ({ path: webhook, body: ping(userId, 'activityDetails', `${url}${at}`) })),
    ),
  'a file that was fetched before': ({ webhook, userId, hosts }) =>
    Array.from({ length: 200 }, (_, at) => ({
      path: webhook,
      body: ping(userId, 'activityFiles', `${hosts['garmin.api']}/wellness-api/rest/activityFile?id=${at}&token=used`, {
        activityId: 900_000 + at,
        summaryId: `${900_000 + at}-file`,
        fileType: 'FIT',
      }),
    })),
  'a state that was used': () => [{ method: 'GET', path: '/v1/connections/callback/garmin?code=c&state=used' }],
  'slow senders': ({ webhook }) => [{ path: webhook }],
};

/** What phones and vendors ask of a hub all day: a new run, what has changed, a run again. */
const GOOD = [
  ({ nextRun }) => ({ method: 'POST', ...nextRun(), headers: JSON_BODY, expected: [200] }),
  ({ authorization }) => ({
    method: 'GET',
    path: '/v1/objects/activity?limit=20',
    headers: { authorization },
    expected: [200],
  }),
  ({ authorization }) => ({ method: 'GET', path: '/v1/connections', headers: { authorization }, expected: [200] }),
];

/** A server of its own, a fake vendor, and a connected athlete. */
async function openStage() {
  const folder = mkdtempSync(join(tmpdir(), 'coach-bench-'));
  const vendor = await fake.start({ port: 0, now: Date.now, random: Math.random, log: silentLog });
  const hub = await makeHub({ folder, vendor, origin: vendor.url, name: 'beside' });
  await hub.start();
  const authorization = `Bearer ${await hub.tokenOf(ATHLETE)}`;
  const userId = await connect(hub, vendor, authorization);
  const good = new Worker(new URL('./support/paced-sender.mjs', import.meta.url));
  const webhook = new URL(hub.webhook).pathname;
  let activityId = 1_000_000;
  const nextRun = () => ({ path: webhook, body: activities(run(userId, activityId++)) });
  const { port } = new URL(hub.url);

  const stage = {
    target: { port, url: hub.url, webhook, userId, authorization, hosts: vendor.hosts },
    /** @returns p95 of what good requests took, ms. */
    async p95(durationMs) {
      const count = (durationMs / 1_000) * GOOD_PER_SECOND;
      const requests = Array.from({ length: count }, (_, at) => GOOD[at % GOOD.length]({ authorization, nextRun }));
      const answered = new Promise((resolve) => good.once('message', resolve));
      good.postMessage({ port, requests, perSecond: GOOD_PER_SECOND, durationMs });
      const { tookMs, error } = await answered;
      if (error) throw new Error(error);
      return tookMs.sort((a, b) => a - b)[Math.floor(tookMs.length * 0.95)];
    },
    async close() {
      await good.terminate();
      await hub.stop();
      await vendor.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await stage.p95(WARM_UP_MS);
  return stage;
}

async function connect(hub, vendor, authorization) {
  const { userId } = await vendor.act('account', { userId: ATHLETE });
  const started = await fetch(`${hub.url}/v1/connections`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'garmin' }),
  });
  const { authorizeUrl } = await started.json();
  const { callbackStatus } = await vendor.act('consent', { url: authorizeUrl, userId, follow: true });
  if (callbackStatus >= 400) throw new Error(`The athlete was not connected: ${callbackStatus}`);
  return userId;
}

export default Object.entries(KINDS).map(([kind, requestsOf]) => ({
  name: `p95 of good requests beside ${kind} against alone`,
  unit: 'ms',
  better: 'lower',
  aim: 1.2,
  async setup() {
    const { target, p95, close } = await openStage();
    const requests = requestsOf(target).map((each) => ({ port: target.port, ...each }));
    return {
      async ours() {
        const bad = keepSending({ requests, everyMs: EVERY_MS, isSlow: kind === 'slow senders' });
        await pause(LEAD_MS);
        const took = await p95(ROUND_MS);
        await bad.stop();
        return took;
      },
      baseline: () => p95(ROUND_MS),
      close,
    };
  },
}));
