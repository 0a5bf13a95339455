/**
 * One run, told in every way a vendor and a person can tell it, in 1,000 orders: the objects are the same apart from
 * ids and revs. Everything is real: the fake vendor over HTTP, the server, SQLite.
 */
import { randomUUID } from 'node:crypto';
import type { JsonObject, Mutation } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { type HubAtFake, hubAtFake } from './hub-at-fake.test-support.ts';

const SEED = Number(process.env.ORDER_SEED ?? 1_000);
const ORDERS = Number(process.env.ORDER_COUNT ?? 1_000);
const AT_ONCE = 8;
/** Orders played side by side: all take a step, then the hub may or may not come to rest. */
const SIDE_BY_SIDE = 200;
const START = '2026-05-02T06:00:00Z';
/** The vendor grants so many requests a minute; played orders ask for a minute's worth in less. */
const MINUTE_MS = 60_000;

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

interface Athlete {
  name: string;
  activityId: string;
}

interface Stage extends HubAtFake {
  /** The run as the watch's file. */
  file: Uint8Array;
  /** An athlete with a connected account that holds a copy of the run. */
  athlete(name: string): Promise<Athlete>;
}

async function setStage(): Promise<Stage> {
  const stage = await hubAtFake();
  const { garmin } = stage;
  const run = await garmin.act('run', { distanceM: 2_024, durationS: 120, start: START, deliver: ['none'] });
  const file = await garmin.act('file', { activityId: run.activityId });
  return {
    ...stage,
    file: Buffer.from(String(file.base64), 'base64'),
    async athlete(name) {
      const { userId } = await stage.connect(name);
      const { activityId } = await garmin.act('copy', { activityId: run.activityId, userId });
      return { name, activityId: String(activityId) };
    },
  };
}

type Event = (stage: Stage, who: Athlete) => Promise<unknown>;
const deliver =
  (...forms: string[]): Event =>
  ({ garmin }, { activityId }) =>
    garmin.act('redeliver', { activityId, deliver: forms });

function mutate(seq: number, mutation: Pick<Mutation, 'op' | 'set'>): Event {
  return async (stage, { name }) => {
    const { sync } = stage.hub();
    const { epoch } = await sync.head(name);
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
    const caller = { athleteId: name, clientId: `phone-${name}`, schemaVersion: 1 };
    const answer = JSON.parse(await sync.push(caller, { epoch, batch }));
    if (answer.results[0].status === 'rejected') throw new Error(JSON.stringify(answer));
  };
}

const importFile =
  (fileName: string): Event =>
  ({ hub, file }, { name }) =>
    hub().importer.importFile({ athleteId: name, fileName, bytes: file, timeZone: 'Europe/Zurich' });

/** What may come in any order, and the two chains whose own order is fixed: revisions of the summary, edits of one phone. */
const FREE: Event[] = [
  deliver('details'),
  deliver('summary', 'ping'),
  deliver('file'),
  deliver('file'),
  deliver('details'),
  importFile('run.fit'),
  importFile('again.fit'),
];
const REVISIONS: Event[] = [
  deliver('summary', 'push'),
  ({ garmin }, { activityId }) => garmin.act('edit', { activityId, distanceM: 2_050, title: 'Intervals' }),
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
async function objectsOf({ hub }: Stage, { name, activityId }: Athlete): Promise<string> {
  const { objects } = hub();
  const found = [];
  for (const kind of ['activity', 'question']) {
    for (const object of await objects.list(name, kind, {})) {
      const { provenance } = await objects.get(name, kind, object.id);
      const { day, data, alt } = object;
      found.push(JSON.stringify({ kind, day, data, alt: alt ?? null, provenance } satisfies JsonObject));
    }
  }
  return found.sort().join('\n').replaceAll(activityId, 'ACTIVITY');
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
async function play(
  stage: Stage,
  orders: { name: string; events: Event[] }[],
  restful: () => boolean,
): Promise<string[]> {
  stage.advance(MINUTE_MS);
  const players = await each(orders, async ({ name, events }) => ({ who: await stage.athlete(name), events }));
  const steps = Math.max(...orders.map(({ events }) => events.length));
  for (let step = 0; step < steps; step++) {
    await each(players, async ({ who, events }) => events[step]?.(stage, who));
    if (restful()) await stage.rest();
  }
  await stage.rest();
  return each(players, ({ who }) => objectsOf(stage, who));
}

describe(`one run in ${ORDERS} orders (seed ${SEED})`, () => {
  it('ends in the same objects', async () => {
    const stage = await setStage();
    const inOrder = [{ name: 'reference', events: [...REVISIONS, ...FREE, ...EDITS] }];
    const [reference = ''] = await play(stage, inOrder, () => true);
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
      const outcomes = await play(stage, orders, () => draw() < 0.6);
      for (const [index, outcome] of outcomes.entries()) {
        expect(outcome, `order ${numbers[index]} of seed ${SEED}`).toBe(reference);
      }
    }
  }, 600_000);
});
