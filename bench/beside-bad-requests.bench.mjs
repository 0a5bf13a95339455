/**
 * What good requests feel of bad ones: p95 of their answers with the bad ones beside them, against the p95 of the same
 * good ones alone. One row for each kind of bad request the answers' test names.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { makeHub } from '../scripts/crash/hub.mjs';
import { seeded } from '../scripts/crash/seeded.mjs';
import { startVendor } from '../scripts/crash/vendor.mjs';
import { keepSending } from './support/bad-sender.mjs';

const KIB = 1024;
const MIB = 1024 * KIB;
const PIECE = 64 * KIB;
const GARMIN_MAX_BYTES = 128 * MIB;

const GOOD_PER_SECOND = 200;
const ROUND_MS = 1_500;
/** The bad ones are under way when the good ones begin. */
const LEAD_MS = 100;
const EVERY_MS = 50;

const ATHLETE = 'bench-runner';
/** First ids, and with them times, of runs in batches: none is at the time of another, which would be work of its own. */
const BATCHES = 507_000;
const BATCHES_WITHOUT = 505_000;
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

/** Kinds of bad requests, by what is wrong: what is sent in turns, the `at`th time, and how it is answered. */
const KINDS = {
  // For comparison: what the same number of harmless requests costs.
  'requests for its health': () => [() => ({ method: 'GET', path: '/healthz', expected: 200 })],
  'a wrong webhook secret': ({ userId }) => [
    (at) => ({ path: '/webhooks/garmin/guessed', body: activities(run(userId, at)), expected: 404 }),
    (at) => ({ path: '/webhooks/garmin', body: activities(run(userId, at)), expected: 404 }),
  ],
  'an athlete nobody knows': ({ webhook }) => [
    (at) => ({ path: webhook, body: activities(run('nobody', at)), expected: 200 }),
  ],
  'a body over 1 MiB': ({ authorization }) => [
    () => ({
      path: '/v1/connections',
      headers: { authorization, 'content-length': 2 * MIB },
      body: '{',
      expected: 413,
    }),
    () => ({ path: '/v1/connections', headers: { authorization }, pieces: (2 * MIB) / PIECE, expected: 413 }),
  ],
  'a webhook over 128 MiB': ({ webhook }) => [
    () => ({ path: webhook, headers: { 'content-length': GARMIN_MAX_BYTES + 1 }, body: '{', expected: 413 }),
    () => ({ path: webhook, pieces: GARMIN_MAX_BYTES / PIECE + 1, expected: 413 }),
  ],
  'broken JSON': ({ webhook, authorization }) => [
    (at) => ({ path: webhook, body: `{"activities":[${at},`, expected: 200 }),
    () => ({ path: '/v1/connections', headers: { authorization }, body: '{"provider"', expected: 400 }),
  ],
  'one bad item in a batch': ({ webhook, userId }) => [
    (at) => ({ path: webhook, body: activities(run(userId, BATCHES + at), `no object ${at}`), expected: 200 }),
  ],
  'a callback address that is refused': ({ webhook, userId, url }) =>
    [
      `${url}${pull}`,
      `https://10.0.0.7${pull}`,
      `http://169.254.169.254/latest/meta-data/?`,
      `https://apis.garmin.example${pull}`,
    ].map((refused) => (at) => ({
      path: webhook,
      body: ping(userId, 'activityDetails', `${refused}${at}`),
      expected: 200,
    })),
  'a file that was fetched before': ({ webhook, userId, fetchedUrl }) => [
    (at) => ({
      path: webhook,
      body: ping(userId, 'activityFiles', fetchedUrl, {
        activityId: 900_000 + at,
        summaryId: `${900_000 + at}-file`,
        fileType: 'FIT',
      }),
      expected: 200,
    }),
  ],
  'a state that was used': ({ usedCallback }) => [() => ({ method: 'GET', path: usedCallback, expected: 400 })],
  'slow senders': ({ webhook }) => [() => ({ path: webhook })],
};

/** What the baseline sends as well: of such a batch everything but the bad item is work, whoever sends it. */
const WITHOUT_THE_BAD = {
  'one bad item in a batch': ({ webhook, userId }) => [
    (at) => ({ path: webhook, body: activities(run(userId, BATCHES_WITHOUT + at)), expected: 200 }),
  ],
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
  const vendor = await startVendor({ random: seeded(1), nowMs: Date.now() });
  const hub = await makeHub({ folder, vendor: vendor.vendor, origin: vendor.tape.url, name: 'beside' });
  await hub.start();
  const authorization = `Bearer ${await hub.tokenOf(ATHLETE)}`;
  const { userId, usedCallback } = await connect(hub, vendor, authorization);
  const fetchedUrl = await fetchFile(hub, vendor, userId, authorization);
  const good = new Worker(new URL('./support/paced-sender.mjs', import.meta.url));
  const webhook = new URL(hub.webhook).pathname;
  let activityId = 1_000_000;
  const nextRun = () => ({ path: webhook, body: activities(run(userId, activityId++)) });
  const { port } = new URL(hub.url);

  const stage = {
    target: { port, url: hub.url, webhook, userId, authorization, usedCallback, fetchedUrl },
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

/** Connects the athlete. @returns the account, and the address that did it and does it no more. */
async function connect(hub, vendor, authorization) {
  const { userId } = await vendor.act('account', { userId: ATHLETE });
  const started = await fetch(`${hub.url}/v1/connections`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'garmin' }),
  });
  const { authorizeUrl } = await started.json();
  const { redirectUrl } = await vendor.act('consent', { url: authorizeUrl, userId, follow: false });
  const { status } = await fetch(redirectUrl, { redirect: 'manual' });
  if (status >= 400) throw new Error(`The athlete was not connected: ${status}`);
  const { pathname, search } = new URL(redirectUrl);
  return { userId, usedCallback: `${pathname}${search}` };
}

/** Has the hub fetch a file. @returns its address, which gives it once. */
async function fetchFile(hub, vendor, userId, authorization) {
  const { activityId } = await vendor.act('run', {
    userId,
    start: '2026-05-04T06:00:00Z',
    durationS: 600,
    deliver: ['none'],
  });
  const { bodies } = await vendor.act('redeliver', { activityId, deliver: ['file'] });
  const { status } = await fetch(hub.webhook, { method: 'POST', headers: JSON_BODY, body: bodies[0] });
  if (status !== 200) throw new Error(`The file’s notice was answered ${status}`);
  const url = JSON.parse(bodies[0]).activityFiles[0].callbackURL;
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${hub.url}/v1/objects/activity?limit=1`, { headers: { authorization } });
    if ((await answer.json()).objects.length > 0) return url;
    await pause(50);
  }
  throw new Error('The file was not fetched.');
}

export default Object.entries(KINDS).map(([kind, requestsOf]) => ({
  name: `p95 of good requests beside ${kind} against ${kind in WITHOUT_THE_BAD ? 'batches without' : 'alone'}`,
  unit: 'ms',
  better: 'lower',
  aim: 1.2,
  async setup() {
    const { target, p95, close } = await openStage();
    const senderOf = (requestsOf) => {
      const requests = requestsOf(target).map((request) => (at) => ({ port: target.port, ...request(at) }));
      const sending = { requests, everyMs: EVERY_MS, isSlow: kind === 'slow senders', sent: 0 };
      return async () => {
        const sender = keepSending(sending);
        await pause(LEAD_MS);
        const took = await p95(ROUND_MS);
        await sender.stop();
        return took;
      };
    };
    const without = WITHOUT_THE_BAD[kind];
    return {
      ours: senderOf(requestsOf),
      baseline: without ? senderOf(without) : () => p95(ROUND_MS),
      close,
    };
  },
}));
