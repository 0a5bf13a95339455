import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/phone.test-support.ts';

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
