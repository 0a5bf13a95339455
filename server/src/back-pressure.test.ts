/** A hub that is given more than it can work off says so, in time, and loses nothing of what it took. */
import { connect as connectTcp } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HubAtFake, hubAtFake } from './hub-at-fake.test-support.ts';

const MIB = 1024 * 1024;
const DAY_S = 86_400;

const run = (userId: string, activityId: number) =>
  JSON.stringify({
    activities: [
      {
        userId,
        summaryId: String(activityId),
        activityId,
        activityType: 'RUNNING',
        startTimeInSeconds: Date.parse('2026-01-02T06:00:00Z') / 1_000 + activityId * DAY_S,
        startTimeOffsetInSeconds: 0,
        durationInSeconds: 600,
        distanceInMeters: 2_000,
      },
    ],
  });

async function post(stage: HubAtFake, body: string) {
  const response = await fetch(`${stage.url()}/webhooks/garmin/${stage.secret}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
}

/** A sender of a large body that has sent its head and nothing else. */
async function largeSender(stage: HubAtFake): Promise<() => void> {
  const { port } = new URL(stage.url());
  const socket = connectTcp(Number(port), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const head = `POST /webhooks/garmin/${stage.secret} HTTP/1.1\r\nHost: hub\r\nContent-Length: ${2 * MIB}\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  return () => socket.destroy();
}

describe('an inbox that is full', () => {
  it('tells vendors to come again, takes them in when there is room, and loses nothing', async () => {
    const stage = await hubAtFake({ limits: { inboxLength: 5 } });
    const { userId } = await stage.connect('ath_1');
    const sent = Array.from({ length: 20 }, (_, at) => run(userId, at + 1));
    const stranger = () => fetch(`${stage.url()}/webhooks/garmin/guessed`, { method: 'POST', body: '{}' });
    let waiting = [...sent];
    const told = new Set<string>();
    for (let round = 0; waiting.length > 0 && round < 20; round++) {
      const answers = await Promise.all(waiting.map((body) => post(stage, body)));
      // Who does not know the secret learns nothing of it.
      expect((await stranger()).status).toBe(404);
      for (const { status, retryAfter, text } of answers) {
        if (status === 503) told.add(`${retryAfter} ${JSON.parse(text).code}`);
        else expect(status).toBe(200);
      }
      waiting = waiting.filter((_, at) => answers[at]?.status !== 200);
      await stage.rest();
      stage.advance(2_000);
    }
    expect(waiting).toEqual([]);
    expect([...told]).toEqual(['30 busy']);
    expect(await stage.hub().inbox.counts()).toMatchObject({ deliveries: 0, envelopesNew: 0, deadLetters: 0 });
    expect(await stage.hub().objects.list('ath_1', 'activity', { limit: 100 })).toHaveLength(sent.length);
  });
});

describe('large deliveries', () => {
  it('are received so many at once, small ones go on meanwhile, and there is room again when one is over', async () => {
    const stage = await hubAtFake({ limits: { largeWebhooks: 2 } });
    const { userId } = await stage.connect('ath_1');
    const padded = (activityId: number) => `${run(userId, activityId)}${' '.repeat(2 * MIB)}`;
    const [first] = [await largeSender(stage), await largeSender(stage)];
    const refused = await until(async () => {
      const answer = await post(stage, padded(1));
      return answer.status === 503 ? answer : null;
    });
    expect(JSON.parse(refused.text).detail).toContain('2 large deliveries are being received');
    expect((await post(stage, run(userId, 2))).status).toBe(200);
    first?.();
    await until(async () => ((await post(stage, padded(3))).status === 200 ? true : null));
  });
});

describe('a large delivery that takes its time', () => {
  it('keeps neither the pruner nor other deliveries waiting', async () => {
    const stage = await hubAtFake({ limits: { largeWebhooks: 1 } });
    const { userId } = await stage.connect('ath_1');
    const slow = await largeSender(stage);
    const padded = `${run(userId, 1)}${' '.repeat(2 * MIB)}`;
    const isReceiving = async () => ((await post(stage, padded)).status === 503 ? true : null);
    await until(isReceiving);
    await stage.hub().retention.prune({ dryRun: false });
    expect((await post(stage, run(userId, 1))).status).toBe(200);
    await stage.rest();
    expect(await stage.hub().objects.list('ath_1', 'activity', { limit: 100 })).toHaveLength(1);
    expect(await isReceiving()).toBe(true);
    slow();
  });
});

/** Asks until there is an answer: the server hears of a connection when it does. */
async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It never came.');
}

describe('the size of a body', () => {
  it('is the configured one, of webhooks and of the app’s interface', async () => {
    const stage = await hubAtFake({ limits: { webhookBytes: 5_000, bodyBytes: 2_000 } });
    await stage.hub().athletes.ensure('ath_1');
    const webhooks = [await post(stage, ' '.repeat(5_000)), await post(stage, ' '.repeat(5_001))];
    expect(webhooks.map(({ status }) => status)).toEqual([200, 413]);
    const authorization = `Bearer ${await stage.token('ann')}`;
    const start = async (bytes: number) => {
      const body = JSON.stringify({ provider: 'x'.repeat(bytes) });
      const headers = { authorization, 'content-type': 'application/json' };
      return (await fetch(`${stage.url()}/v1/connections`, { method: 'POST', headers, body })).status;
    };
    expect([await start(2_500), await start(1_000)]).toEqual([413, 400]);
  });
});
