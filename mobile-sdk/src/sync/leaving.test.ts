import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/phone.test-support.ts';

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
