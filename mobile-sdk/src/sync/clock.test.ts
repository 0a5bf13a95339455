import { describe, expect, it } from 'vitest';
import { createWorld } from '../testing/phone.test-support.ts';

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
