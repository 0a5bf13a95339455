import { describe, expect, it } from 'vitest';
import { createWorld, settle } from '../testing/phone.test-support.ts';

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

  it('does not bring back what another phone has deleted since', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run' });
    hub.faults.push(() => 'lose');
    await coach.sync();
    hub.remove('activity', id);
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1, pages: 1 });
    expect(await coach.activities.get(id)).toBeNull();
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
