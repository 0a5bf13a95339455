/**
 * One run, told in every way a vendor and a person can tell it, in 1,000 orders: the objects are the same apart from
 * ids and revs. Everything is real: the fake vendor over HTTP, the server, SQLite.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  generateKey,
  type Hub,
  type JsonObject,
  loadConfig,
  type Mutation,
  openHub,
  type RunningFake,
  silentLog,
} from '@coach-hub/core';
import { fake as vendor } from '@coach-hub/plugin-garmin/fake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuth } from './auth/create-auth.ts';
import { operatorKeyring } from './auth/operator-keyring.ts';
import { createServer } from './create-server.ts';
import { type Listening, listen } from './listen.ts';

const SEED = Number(process.env.ORDER_SEED ?? 1_000);
const ORDERS = Number(process.env.ORDER_COUNT ?? 1_000);
const AT_ONCE = 8;
/** Orders played side by side: all take a step, then the hub may or may not come to rest. */
const SIDE_BY_SIDE = 200;
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const START = '2026-05-02T06:00:00Z';
const clock = { now: () => Date.now() };
const random = {
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/** Mulberry32, so that an order can be played again by its seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let folder: string;
let hub: Hub;
let garmin: RunningFake;
let listening: Listening;
let original: { activityId: string; bytes: Uint8Array };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coach-order-'));
  garmin = await vendor.start({ port: 0, now: clock.now, random: random.next, log: silentLog });
  const { config, secrets } = loadConfig({
    file: {
      data: join(folder, 'data'),
      publicUrl: 'http://127.0.0.1:9',
      pluginConfig: { garmin: { clientId: garmin.pluginConfig.clientId ?? '' } },
      egress: { hosts: garmin.hosts, loopback: [new URL(garmin.url).host] },
    },
    env: {
      COACH_KEYS: generateKey(random),
      COACH_JWT_SECRET: 'x'.repeat(40),
      COACH_GARMIN_CLIENT_SECRET: garmin.pluginConfig.clientSecret,
      COACH_GARMIN_WEBHOOK_SECRET: garmin.pluginConfig.webhookSecret,
    },
    flags: {},
  });
  hub = await openHub({
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
  const auth = createAuth({ athletes: hub.athletes, verifiers: [], operators: operatorKeyring([]) });
  listening = await listen(createServer({ hub, auth, config, clock, random, log: silentLog }), {
    host: '127.0.0.1',
    port: 0,
  });
  garmin.setWebhook(`${listening.url}/webhooks/garmin/${garmin.pluginConfig.webhookSecret}`);
  hub.start();
  const run = await garmin.act('run', { distanceM: 2_024, durationS: 120, start: START, deliver: ['none'] });
  const file = await garmin.act('file', { activityId: run.activityId });
  original = { activityId: String(run.activityId), bytes: Buffer.from(String(file.base64), 'base64') };
}, 60_000);

afterAll(async () => {
  await listening.close();
  await hub.close();
  await garmin.close();
  await rm(folder, { recursive: true, force: true });
});

/** An athlete with a connected account that holds a copy of the run. */
async function athlete(name: string) {
  const { userId } = (await garmin.act('account', { userId: `user-${name}` })) as { userId: string };
  await hub.athletes.ensure(name);
  const { authorizeUrl } = await hub.connect.start({
    athleteId: name,
    clientId: null,
    provider: 'garmin',
    returnUrl: null,
  });
  const consent = await garmin.act('consent', { url: authorizeUrl, userId, follow: false });
  const back = new URL(String(consent.redirectUrl));
  await hub.connect.callback('garmin', Object.fromEntries(back.searchParams));
  const { activityId } = (await garmin.act('copy', { activityId: original.activityId, userId })) as {
    activityId: string;
  };
  return { name, userId, activityId };
}
type Athlete = Awaited<ReturnType<typeof athlete>>;

type Event = (who: Athlete) => Promise<unknown>;
const deliver =
  (...forms: string[]): Event =>
  ({ activityId }) =>
    garmin.act('redeliver', { activityId, deliver: forms });

function mutate(seq: number, mutation: Pick<Mutation, 'op' | 'set'>): Event {
  return async ({ name }) => {
    const { epoch } = await hub.sync.head(name);
    const minutes = seq * 5;
    const batch = [
      {
        seq,
        mid: randomUUID(),
        stamp: `${Date.parse('2026-05-02T09:00:00Z') + minutes * 60_000}:0000`,
        kind: 'activity' as const,
        id: `act_log_${name}`,
        ...mutation,
      },
    ];
    const answer = JSON.parse(
      await hub.sync.push({ athleteId: name, clientId: `phone-${name}`, schemaVersion: 1 }, { epoch, batch }),
    );
    if (answer.results[0].status === 'rejected') throw new Error(JSON.stringify(answer));
  };
}

/** What may come in any order, and the two chains whose own order is fixed: revisions of the summary, edits of one phone. */
const FREE: Event[] = [
  deliver('details'),
  deliver('summary', 'ping'),
  deliver('file'),
  deliver('file'),
  deliver('details'),
  ({ name }) =>
    hub.importer.importFile({ athleteId: name, fileName: 'run.fit', bytes: original.bytes, timeZone: 'Europe/Zurich' }),
  ({ name }) =>
    hub.importer.importFile({
      athleteId: name,
      fileName: 'again.fit',
      bytes: original.bytes,
      timeZone: 'Europe/Zurich',
    }),
];
const REVISIONS: Event[] = [
  deliver('summary', 'push'),
  ({ activityId }) => garmin.act('edit', { activityId, distanceM: 2_050, title: 'Intervals' }),
];
const EDITS: Event[] = [
  mutate(1, { op: 'put', set: { sport: 'run', day: '2026-05-02', distanceM: 2_100, rpe: 7, notes: 'windy' } }),
  mutate(2, { op: 'patch', set: { rpe: 8 } }),
  mutate(3, { op: 'patch', set: { title: 'Tempo!' } }),
];

function shuffled(draw: () => number): Event[] {
  const lanes = [...FREE.map((event) => [event]), [...REVISIONS], [...EDITS]];
  const order: Event[] = [];
  for (;;) {
    const open = lanes.filter((lane) => lane.length > 0);
    // A lane is drawn by how much it still holds, so that long chains are not always last.
    const tickets = open.flatMap((lane) => lane.map(() => lane));
    const lane = tickets[Math.floor(draw() * tickets.length)];
    if (lane === undefined) return order;
    order.push(lane.shift() as Event);
  }
}

/** Live objects of an athlete as text, ids and what is drawn anew per athlete replaced. */
async function objects(who: Athlete): Promise<string> {
  const found = [];
  for (const kind of ['activity', 'question']) {
    for (const object of await hub.objects.list(who.name, kind, {})) {
      const { provenance } = await hub.objects.get(who.name, kind, object.id);
      const { day, data, alt } = object;
      found.push(JSON.stringify({ kind, day, data, alt: alt ?? null, provenance } satisfies JsonObject));
    }
  }
  return found.sort().join('\n').replaceAll(who.activityId, 'ACTIVITY');
}

async function rest(): Promise<void> {
  await garmin.act('settle', {});
  await hub.inbox.idle();
}

/** Does something for each, a few at once. */
async function each<T, R>(values: readonly T[], act: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...values.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** Plays orders side by side. Between steps the hub comes to rest or not, so that arrival and processing mix. */
async function play(orders: { name: string; events: Event[] }[], restful: () => boolean): Promise<string[]> {
  const players = await each(orders, async ({ name, events }) => ({ who: await athlete(name), events }));
  const steps = Math.max(...orders.map(({ events }) => events.length));
  for (let step = 0; step < steps; step++) {
    await each(players, async ({ who, events }) => events[step]?.(who));
    if (restful()) await rest();
  }
  await rest();
  return each(players, ({ who }) => objects(who));
}

describe(`one run in ${ORDERS} orders (seed ${SEED})`, () => {
  it('ends in the same objects', async () => {
    const [reference = ''] = await play([{ name: 'reference', events: [...REVISIONS, ...FREE, ...EDITS] }], () => true);
    expect(JSON.parse(reference)).toMatchObject({
      kind: 'activity',
      day: '2026-05-02',
      data: { rpe: 8, notes: 'windy', title: 'Tempo!' },
      alt: { distanceM: { athlete: 2_100 } },
      provenance: { distanceM: 'provider:garmin', rpe: 'athlete' },
    });
    for (let from = 0; from < ORDERS; from += SIDE_BY_SIDE) {
      const draw = seeded(SEED + from);
      const numbers = Array.from({ length: Math.min(SIDE_BY_SIDE, ORDERS - from) }, (_, index) => from + index);
      const orders = numbers.map((order) => ({ name: `order-${order}`, events: shuffled(seeded(SEED + order)) }));
      const outcomes = await play(orders, () => draw() < 0.6);
      for (const [index, outcome] of outcomes.entries()) {
        expect(outcome, `order ${numbers[index]} of seed ${SEED}`).toBe(reference);
      }
    }
  }, 600_000);
});
