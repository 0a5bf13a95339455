import { describe, expect, it } from 'vitest';
import { createWorld, settle } from '../testing/phone.test-support.ts';

describe('sync', () => {
  it('sends what was written offline and reads what the hub has, in one round trip', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_watch', { sport: 'run', distanceM: 10_120 }, '2026-02-28');
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', distanceM: 5_000, rpe: 6 });

    const report = await coach.sync();

    expect(report).toMatchObject({
      state: 'idle',
      pushed: 1,
      pulled: 2,
      rejected: 0,
      aliases: 0,
      pages: 1,
      error: null,
    });
    expect(report.bytesSent).toBeGreaterThan(100);
    expect(report.bytesReceived).toBeGreaterThan(100);
    expect(hub.requests).toHaveLength(1);
    expect(hub.view('activity', id)?.data).toEqual({ sport: 'run', distanceM: 5_000, rpe: 6, day: '2026-03-01' });
    expect((await coach.activities.list()).map((run) => [run.id, run.pending])).toEqual([
      [id, false],
      ['act_watch', false],
    ]);
  });

  it('asks as the protocol says', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    const [request] = hub.requests;
    expect(request?.url).toBe('https://hub.test/v1/sync');
    expect(request?.headers).toEqual({
      Authorization: 'Bearer token',
      'Content-Type': 'application/json',
      'Sync-Protocol': '1',
      'Sync-Client': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'Sync-Schema': '1',
    });
    expect(request?.body).toEqual({
      sentAt: '2026-03-01T08:00:00.000Z',
      push: {
        epoch: null,
        batch: [
          {
            seq: 1,
            mid: expect.any(String),
            stamp: '1772352000000:0000',
            kind: 'activity',
            id,
            op: 'put',
            set: { sport: 'run', day: '2026-03-01' },
          },
        ],
      },
      pull: { cursor: null, limit: 500, maxBytes: 262_144 },
    });
  });

  it('with nothing new on either side is one small request and touches no row', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_1', { sport: 'run' });
    const { coach } = phone();
    await coach.sync();
    const seen: number[] = [];
    coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.length));
    await settle();
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 0, pulled: 0, pages: 0 });
    await settle();
    expect(hub.requests).toHaveLength(2);
    expect(seen).toEqual([1]);
    expect(await coach.status()).toMatchObject({ cursorRev: 1, queued: 0 });
  });

  it('pulls page after page until the hub has no more', async () => {
    const { hub, phone } = createWorld();
    hub.pageSize = 10;
    for (let i = 0; i < 25; i++) hub.device('activity', `act_${i}`, { sport: 'run' });
    const { coach } = phone();
    expect(await coach.sync()).toMatchObject({ pages: 3, pulled: 25 });
    for (let i = 0; i < 15; i++) hub.device('activity', `act_${i}`, { distanceM: i });
    expect(await coach.sync()).toMatchObject({ pages: 2, pulled: 15 });
    expect(await coach.activities.list()).toHaveLength(25);
  });

  it('sends a long queue in batches the hub accepts, oldest first', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const notes = 'a windy and very long way '.repeat(60);
    await Promise.all(
      Array.from({ length: 300 }, (_, i) => coach.activities.log({ sport: 'run', title: `${i}`, notes })),
    );
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 300 });
    const batches = hub.requests.map((request) => request.body.push?.batch ?? []);
    expect(batches.flat().map((mutation) => mutation.set?.title)).toEqual(
      Array.from({ length: 300 }, (_, i) => `${i}`),
    );
    for (const { body } of hub.requests) expect(JSON.stringify(body).length).toBeLessThan(256 * 1024);
  });

  it('shows the watch’s distance and keeps what the athlete felt and typed', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_1', { distanceM: 10_120 });
    const { coach } = phone();
    await coach.sync();
    await coach.activities.edit('act_1', { distanceM: 10_000, rpe: 7 });
    expect((await coach.activities.get('act_1'))?.data).toEqual({ distanceM: 10_000, rpe: 7 });
    await coach.sync();
    expect(await coach.activities.get('act_1')).toMatchObject({
      data: { distanceM: 10_120, rpe: 7 },
      alt: { distanceM: { athlete: 10_000 } },
      pending: false,
    });
  });

  it('takes a plan the engine has replaced meanwhile over the athlete’s edit of the old one', async () => {
    const { hub, phone } = createWorld();
    hub.device('planned_workout', 'pw_1', { sport: 'run' });
    const { coach } = phone();
    await coach.sync();
    await coach.objects.patch('planned_workout', 'pw_1', { type: 'superseded' });
    expect(await coach.sync()).toMatchObject({ pushed: 1, rejected: 0 });
    expect((await coach.objects.get('planned_workout', 'pw_1'))?.data).toEqual({ sport: 'run' });
  });

  it('is shared by all who call while it runs', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run' });
    const [a, b] = await Promise.all([coach.sync(), coach.sync()]);
    expect(a).toBe(b);
    expect(hub.requests).toHaveLength(1);
  });

  it('gives a caller that joins late a round trip that begins after it came', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    let joined: Promise<unknown> | undefined;
    hub.faults.push(() => {
      joined = coach.sync();
      return undefined;
    });
    await coach.sync();
    hub.device('activity', 'act_late', { sport: 'run' });
    await joined;
    expect(hub.requests).toHaveLength(2);
  });

  it('can be interrupted, keeps what was applied, and goes on from there', async () => {
    const { hub, phone } = createWorld();
    hub.pageSize = 10;
    for (let i = 0; i < 25; i++) hub.device('activity', `act_${i}`, { sport: 'run' });
    const { coach } = phone();
    const controller = new AbortController();
    hub.faults.push(
      () => undefined,
      () => {
        controller.abort();
        return undefined;
      },
    );
    expect(await coach.sync({ signal: controller.signal })).toMatchObject({ state: 'interrupted', error: null });
    const kept = (await coach.activities.list()).length;
    expect(kept).toBeGreaterThanOrEqual(10);
    expect(await coach.sync()).toMatchObject({ state: 'idle', pulled: 25 - kept });
  });

  it('ends at its deadline', async () => {
    const { hub, phone } = createWorld();
    const { coach, platform } = phone();
    await coach.activities.log({ sport: 'run' });
    hub.faults.push(() => {
      platform.fireTimers();
      return 'lose';
    });
    expect(await coach.sync({ deadlineMs: 25_000 })).toMatchObject({ state: 'interrupted' });
    expect(await coach.status()).toMatchObject({ state: 'interrupted', queued: 1 });
  });

  it('is stopped by close()', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    let closing: Promise<void> | undefined;
    hub.faults.push(() => {
      closing = coach.close();
      return 'lose';
    });
    expect(await coach.sync()).toMatchObject({ state: 'interrupted' });
    await closing;
  });
});
