import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/phone.test-support.ts';

const outbox = 'SELECT kind, id, seq, body FROM outbox ORDER BY pos';
interface OutboxRow {
  kind: string;
  id: string;
  seq: number | null;
  body: string;
}

describe('a write', () => {
  it('shows at once, before any sync', async () => {
    const { coach } = createWorld().phone();
    const id = await coach.activities.log({ sport: 'run', distanceM: 5_000 });
    await coach.activities.edit(id, { rpe: 6, distanceM: null });
    expect(await coach.activities.get(id)).toEqual({
      kind: 'activity',
      id,
      rev: 0,
      day: '2026-03-01',
      data: { sport: 'run', rpe: 6, day: '2026-03-01' },
      alt: {},
      pending: true,
    });
  });

  it('of a new object waits as one entry, however often it is edited', async () => {
    const { clock, phone } = createWorld();
    const { coach, rows } = phone();
    const id = await coach.activities.log({ sport: 'run', startedAt: '2026-03-01T06:00:00.000Z' });
    clock.advance(3_600_000);
    await coach.activities.edit(id, { rpe: 6 });
    await coach.activities.edit(id, { rpe: 7, notes: 'windy' });
    const [entry, ...more] = await rows<OutboxRow>(outbox);
    expect(more).toEqual([]);
    expect(JSON.parse(entry!.body)).toMatchObject({ op: 'put', set: { sport: 'run', rpe: 7, notes: 'windy' } });
  });

  it('leaves nothing behind when the object is deleted before it was ever sent', async () => {
    const { coach, rows } = createWorld().phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.activities.delete(id);
    expect(await rows(outbox)).toEqual([]);
    expect(await rows('SELECT * FROM object')).toEqual([]);
  });

  it('survives a restart of the app, queue and row', async () => {
    const world = createWorld();
    const phone = world.phone();
    const id = await phone.coach.activities.log({ sport: 'run' });
    await phone.restart();
    expect(await phone.coach.activities.get(id)).toMatchObject({ pending: true });
    expect(await phone.coach.status()).toMatchObject({ queued: 1 });
    await phone.coach.sync();
    expect(world.hub.view('activity', id)).not.toBeNull();
  });

  it('stores row and entry together or not at all', async () => {
    const world = createWorld();
    const phone = world.phone();
    const id = await phone.coach.activities.log({ sport: 'run' });
    const before = phone.driver.statements;
    await phone.coach.activities.edit(id, { rpe: 1 });
    const statements = phone.driver.statements - before;
    for (let survived = 0; survived < statements; survived++) {
      phone.driver.killAfter(survived);
      await expect(phone.coach.activities.edit(id, { rpe: 9 })).rejects.toThrow('killed');
      await phone.restart();
      const [entry] = await phone.rows<OutboxRow>(outbox);
      expect(JSON.parse(entry!.body).set.rpe).toBe(1);
      expect((await phone.coach.activities.get(id))?.data.rpe).toBe(1);
    }
  });

  it('puts an activity without a date on the athlete’s today', async () => {
    const { coach } = createWorld().phone({ zone: 'Pacific/Auckland' });
    const id = await coach.activities.log({ sport: 'run' });
    expect((await coach.activities.get(id))?.day).toBe('2026-03-01');
    const late = await coach.activities.log({ sport: 'run', startedAt: '2026-03-01T12:00:00.000Z' });
    const found = await coach.activities.get(late);
    expect(found).toMatchObject({ day: '2026-03-02' });
    expect(found?.data).not.toHaveProperty('day');
  });

  it('is refused, and nothing dropped, when the queue is full', async () => {
    const phone = createWorld().phone();
    const { coach, driver } = phone;
    const id = await coach.activities.log({ sport: 'run' });
    await driver.run(`INSERT INTO outbox (mid, kind, id, body)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 49999)
      SELECT 'm' || i, 'gear', 'g' || i, '{"op":"put","stamp":"1:0000"}' FROM n`);
    await expect(coach.activities.log({ sport: 'run' })).rejects.toMatchObject({ code: 'queue_full' });
    await coach.activities.edit(id, { rpe: 5 }); // folds, so it needs no room
    expect(await coach.status()).toMatchObject({ queued: 50_000 });
  });

  it('is refused when the object is not here', async () => {
    const { coach } = createWorld().phone();
    await expect(coach.activities.edit('act_none', { rpe: 5 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(coach.activities.delete('act_none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(coach.objects.override('activity', 'act_none', { distanceM: 1 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is refused when a value cannot travel', async () => {
    const { coach } = createWorld().phone();
    const nan = coach.activities.log({ sport: 'run', distanceM: Number.NaN });
    await expect(nan).rejects.toMatchObject({ code: 'invalid_value', why: '"distanceM" is not a finite number.' });
  });

  it('that says nothing leaves no entry', async () => {
    const { coach, rows } = createWorld().phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    await coach.activities.edit(id, { rpe: undefined });
    await coach.objects.restore('activity', id);
    expect(await rows(outbox)).toEqual([]);
  });
});

describe('a list', () => {
  it('has the newest day first, within a day the latest start, and keeps to its bounds', async () => {
    const { coach } = createWorld().phone();
    const log = (day: string, startedAt?: string) => coach.activities.log({ sport: 'run', day, startedAt });
    const old = await log('2026-02-20');
    const morning = await log('2026-02-28', '2026-02-28T06:00:00.000Z');
    const evening = await log('2026-02-28', '2026-02-28T18:00:00.000Z');
    const today = await log('2026-03-01');
    const ids = async (range?: Parameters<typeof coach.activities.list>[0]) =>
      (await coach.activities.list(range)).map((run) => run.id);
    expect(await ids()).toEqual([today, evening, morning, old]);
    expect(await ids({ fromDay: '2026-02-21', toDay: '2026-02-28' })).toEqual([evening, morning]);
    expect(await ids({ limit: 1 })).toEqual([today]);
  });

  it('follows an edit of the day and leaves out what was deleted', async () => {
    const { coach } = createWorld().phone();
    const a = await coach.activities.log({ sport: 'run', day: '2026-02-20' });
    const b = await coach.activities.log({ sport: 'run', day: '2026-02-21' });
    await coach.sync();
    await coach.activities.edit(a, { day: '2026-02-22' });
    expect((await coach.activities.list({ fromDay: '2026-02-22' })).map((run) => run.id)).toEqual([a]);
    await coach.activities.delete(b);
    expect((await coach.activities.list()).map((run) => run.id)).toEqual([a]);
  });
});

describe('a delete', () => {
  it('hides the object at once, and a restore before the sync brings it back without any traffic', async () => {
    const { coach, rows } = createWorld().phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    await coach.activities.delete(id);
    expect(await coach.activities.get(id)).toBeNull();
    await coach.objects.restore('activity', id);
    expect(await coach.activities.get(id)).toMatchObject({ data: { sport: 'run' }, pending: false });
    expect(await rows(outbox)).toEqual([]);
  });

  it('that was synced can be restored; the object shows again after the next sync', async () => {
    const { coach, rows } = createWorld().phone();
    const id = await coach.activities.log({ sport: 'run' });
    await coach.sync();
    await coach.activities.delete(id);
    await coach.sync();
    expect(await rows('SELECT * FROM object')).toEqual([]);
    await coach.objects.restore('activity', id);
    await coach.sync();
    expect(await coach.activities.get(id)).toMatchObject({ data: { sport: 'run' }, pending: false });
  });
});
