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

describe('an answer that was lost', () => {
  it('is asked for again with the same mutations, and nothing applies twice', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', rpe: 6 });
    hub.faults.push(() => 'lose');
    expect(await coach.sync()).toMatchObject({ state: 'offline', pushed: 0, error: { code: 'offline' } });
    expect(await coach.status()).toMatchObject({ state: 'offline', queued: 1 });
    const rev = hub.state.rev;
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    expect(hub.requests[1]?.body.push).toEqual(hub.requests[0]?.body.push);
    expect(hub.state.rev).toBe(rev);
    expect(await coach.activities.get(id)).toMatchObject({ data: { rpe: 6 }, pending: false });
  });

  it('leaves the sent entry as it was when the athlete edits on', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', rpe: 6 });
    hub.faults.push(() => 'lose');
    await coach.sync();
    await coach.activities.edit(id, { rpe: 7 });
    expect((await coach.activities.get(id))?.data.rpe).toBe(7);
    await coach.sync();
    expect(hub.requests[1]?.body.push?.batch.map((mutation) => mutation.set?.rpe)).toEqual([6, 7]);
    expect(hub.view('activity', id)?.data.rpe).toBe(7);
  });

  it('does not hide the athlete’s own write behind the repeated result', async () => {
    const { hub, phone } = createWorld();
    hub.terse = true;
    hub.pageSize = 2;
    const { coach } = phone();
    await coach.sync();
    for (let i = 0; i < 9; i++) hub.device('activity', `act_${i}`, { sport: 'ride' });
    const id = await coach.activities.log({ sport: 'run', rpe: 6 });
    hub.faults.push(() => 'lose');
    await coach.sync();
    const seen: unknown[] = [];
    coach.watch({ kind: 'activity', id }, (run) => seen.push(run?.data.rpe));
    await coach.sync();
    await settle();
    expect(new Set(seen)).toEqual(new Set([6]));
    expect(await coach.activities.get(id)).toMatchObject({ pending: false, rev: 10 });
  });
});

describe('an edit made while its object is on the way', () => {
  it('stays pending, shows all the time, and is sent in the next round trip of the same run', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', rpe: 6 });
    let edit: Promise<void> | undefined;
    hub.faults.push(() => {
      edit = coach.activities.edit(id, { rpe: 8 });
      return undefined;
    });
    const seen: unknown[] = [];
    coach.watch({ kind: 'activity', id }, (run) => seen.push(run?.data.rpe));
    await settle();
    expect(await coach.sync()).toMatchObject({ pushed: 2 });
    await edit;
    await settle();
    expect(hub.view('activity', id)?.data.rpe).toBe(8);
    expect([...new Set(seen)]).toEqual([6, 8]);
  });
});

describe('an object that is joined with another', () => {
  it('is found under its old id, for reading and for writing', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_watch', { distanceM: 10_120 });
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', rpe: 6 });
    await coach.sync();
    hub.join('activity', id, 'act_watch');
    expect(await coach.sync()).toMatchObject({ aliases: 1 });
    expect(await coach.activities.get(id)).toMatchObject({ id: 'act_watch', data: { distanceM: 10_120, rpe: 6 } });
    expect(await coach.activities.list()).toHaveLength(1);
    await coach.activities.edit(id, { rpe: 7 });
    await coach.sync();
    expect(hub.view('activity', 'act_watch')?.data.rpe).toBe(7);
  });

  it('keeps changes that wait, and shows them on the object it became', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', rpe: 6 });
    await coach.sync();
    hub.device('activity', 'act_watch', { distanceM: 10_120 });
    hub.join('activity', id, 'act_watch');
    let edit: Promise<void> | undefined;
    hub.faults.push(() => {
      edit = coach.activities.edit(id, { rpe: 9 });
      hub.faults.push(() => 'lose');
      return undefined;
    });
    await coach.sync();
    await edit;
    expect(await coach.activities.get(id)).toMatchObject({
      id: 'act_watch',
      data: { distanceM: 10_120, rpe: 9 },
      pending: true,
    });
    await coach.sync();
    expect(hub.view('activity', 'act_watch')?.data.rpe).toBe(9);
  });

  it('resends what was on the way under the id it was sent with, so that it is the same mutation', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    await coach.activities.edit(id, { rpe: 9 });
    hub.faults.push(() => 'lose');
    await coach.sync();
    hub.device('activity', 'act_watch', { distanceM: 10_120 });
    hub.join('activity', id, 'act_watch');
    expect(await coach.sync()).toMatchObject({ pushed: 1, rejected: 0, aliases: 1 });
    expect(await coach.activities.get(id)).toMatchObject({ id: 'act_watch', data: { rpe: 9 }, pending: false });
  });

  it('is learnt from the result of a push as well', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    hub.device('activity', 'act_watch', { distanceM: 10_120 });
    hub.join('activity', id, 'act_watch');
    await coach.activities.edit(id, { rpe: 4 });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    expect((await coach.activities.list()).map((run) => [run.id, run.data.rpe])).toEqual([['act_watch', 4]]);
  });

  it('follows a chain of joins', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    for (const id of ['act_1', 'act_2', 'act_3']) hub.device('activity', id, { sport: 'run', title: id });
    await coach.sync();
    hub.join('activity', 'act_1', 'act_2');
    await coach.sync();
    hub.join('activity', 'act_2', 'act_3');
    await coach.sync();
    expect(await coach.activities.get('act_1')).toMatchObject({ id: 'act_3' });
  });

  it('is an object of its own again when the hub takes them apart', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    for (const id of ['act_1', 'act_2']) hub.device('activity', id, { sport: 'run', title: id });
    await coach.sync();
    hub.join('activity', 'act_1', 'act_2');
    await coach.sync();
    delete hub.state.aliases['activity/act_1'];
    hub.device('activity', 'act_1', { title: 'apart' });
    await coach.sync();
    expect(await coach.activities.get('act_1')).toMatchObject({ id: 'act_1', data: { title: 'apart' } });
  });
});

describe('an object that leaves', () => {
  it('goes with a delete, also under a pending edit, whose refusal becomes a dead letter', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_1', { sport: 'run' });
    const { coach } = phone();
    await coach.sync();
    await coach.activities.edit('act_1', { rpe: 5 });
    hub.remove('activity', 'act_1');
    expect(await coach.sync()).toMatchObject({ rejected: 1 });
    expect(await coach.activities.get('act_1')).toBeNull();
    expect(await coach.deadLetters()).toMatchObject([{ id: 'act_1', code: 'gone', set: { rpe: 5 } }]);
  });

  it('goes with an evict, though not while a change waits on it', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_1', { sport: 'run' });
    hub.device('activity', 'act_2', { sport: 'run' });
    const { coach } = phone();
    await coach.sync();
    hub.moveOutOfWindow('activity', 'act_1');
    hub.moveOutOfWindow('activity', 'act_2');
    let edit: Promise<void> | undefined;
    hub.faults.push(() => {
      edit = coach.activities.edit('act_2', { rpe: 5 });
      hub.faults.push(() => 'lose');
      return undefined;
    });
    await coach.sync();
    await edit;
    expect(await coach.activities.get('act_1')).toBeNull();
    expect(await coach.activities.get('act_2')).toMatchObject({ data: { sport: 'run', rpe: 5 }, pending: true });
    await coach.sync();
    expect(hub.view('activity', 'act_2')?.data.rpe).toBe(5);
    expect(await coach.activities.get('act_2')).toBeNull();
  });
});

describe('an older view', () => {
  it('never replaces a newer one', async () => {
    const { hub, phone } = createWorld();
    hub.device('activity', 'act_1', { title: 'old' });
    const { coach, driver } = phone();
    await coach.sync();
    await driver.run(`UPDATE object SET rev = 99, server_json = '{"day":null,"data":{"title":"new"}}'`);
    hub.device('activity', 'act_1', { title: 'older than 99' });
    await coach.sync();
    expect((await coach.activities.get('act_1'))?.data.title).toBe('new');
  });
});

describe('the clock', () => {
  it('is corrected by the hub’s, so that the later edit of two phones wins whatever their clocks say', async () => {
    const { clock, hub, phone } = createWorld();
    const slow = phone({ clockErrorMs: -3 * 24 * 3_600_000 });
    const right = phone();
    hub.device('activity', 'act_1', { sport: 'run' });
    await slow.coach.sync();
    await right.coach.sync();
    expect((await slow.coach.status()).clockOffsetMs).toBe(3 * 24 * 3_600_000);
    await right.coach.activities.edit('act_1', { notes: 'first' });
    clock.advance(1_000);
    await slow.coach.activities.edit('act_1', { notes: 'second' });
    for (const { coach } of [slow, right, slow]) await coach.sync();
    expect(hub.view('activity', 'act_1')?.data.notes).toBe('second');
    expect((await slow.coach.activities.get('act_1'))?.data.notes).toBe('second');
  });

  it('that was days ahead does not stay ahead: entries not yet sent get the right time', async () => {
    const { clock, hub, phone } = createWorld();
    const { coach, rows } = phone({ clockErrorMs: 3 * 24 * 3_600_000 });
    hub.device('activity', 'act_1', { sport: 'run' });
    await coach.objects.put('gear', 'gear_1', { title: 'shoes' });
    let edit: Promise<unknown> | undefined;
    hub.faults.push(() => {
      edit = coach.objects.put('gear', 'gear_2', { title: 'written during the first sync' });
      hub.faults.push(() => 'lose');
      return undefined;
    });
    await coach.sync();
    await edit;
    const [entry] = await rows<{ body: string }>('SELECT body FROM outbox');
    expect(JSON.parse(entry!.body).stamp).toBe(`${clock.now()}:0001`);
    clock.advance(1_000);
    await coach.objects.put('gear', 'gear_3', { title: 'later' });
    await coach.sync();
    const stamps = hub.requests.at(-1)?.body.push?.batch.map((mutation) => mutation.stamp);
    expect(stamps).toEqual([`${clock.now() - 1_000}:0001`, `${clock.now()}:0000`]);
  });
});
