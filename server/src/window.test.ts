import { describe, expect, it } from 'vitest';
import { PLAIN_MAPPING, strideHub } from './stride-hub.test-support.ts';

const DAY_MS = 86_400_000;

describe('a phone that holds the last days', () => {
  it('lets a run go when its day leaves the window, in a few bytes, and gets it back when it asks for more', async () => {
    const stride = await strideHub({ mappingVersion: 1, mapping: PLAIN_MAPPING });
    const caller = { athleteId: 'ann', clientId: 'phone-1', schemaVersion: 1 };
    await stride.hub().athletes.ensure('ann');
    const day = new Date().toISOString().slice(0, 10);
    const batch = ['act_1', 'act_2'].map((id, at) => ({
      seq: at + 1,
      mid: `00000000-0000-4000-8000-00000000000${at}`,
      stamp: `${Date.now()}:000${at}`,
      kind: 'activity' as const,
      id,
      op: 'put' as const,
      set: { sport: 'run', day },
    }));
    const { sync } = stride.hub();
    await sync.push(caller, { epoch: null, batch });
    const pull = async (cursor: string | null, activityDays: number) =>
      JSON.parse(await sync.pull(caller, { cursor, window: { activityDays } }));
    const first = await pull(null, 7);
    expect(first.changes).toHaveLength(2);
    const nothing = await sync.pull(caller, { cursor: first.cursor, window: { activityDays: 7 } });
    expect(JSON.parse(nothing)).toEqual({ mode: 'none', head: first.head });
    expect(Buffer.byteLength(`{"serverTime":"2026-03-01T06:12:03.120Z","pull":${nothing}}`)).toBeLessThan(100);

    stride.advance(9 * DAY_MS);
    const later = await pull(first.cursor, 7);
    expect(later).toMatchObject({ mode: 'delta', hasMore: false });
    expect(later.changes.map(({ op, id }: { op: string; id: string }) => [op, id])).toEqual([
      ['evict', 'act_1'],
      ['evict', 'act_2'],
    ]);
    expect(await pull(later.cursor, 7)).toMatchObject({ mode: 'none' });
    const again = await pull(later.cursor, 30);
    expect(again).toMatchObject({ mode: 'snapshot', reason: 'window_grew' });
    expect(again.changes).toHaveLength(2);
  });

  it('is told by what its cursor promises until the last page, so that whoever goes on with that cursor misses nothing', async () => {
    const stride = await strideHub({ mappingVersion: 1, mapping: PLAIN_MAPPING });
    const caller = { athleteId: 'ann', clientId: 'phone-1', schemaVersion: 1 };
    await stride.hub().athletes.ensure('ann');
    const { sync } = stride.hub();
    const { cursor } = JSON.parse(await sync.pull(caller, { cursor: null }));
    const long = new Date(Date.now() - 40 * DAY_MS).toISOString().slice(0, 10);
    const batch = [0, 1, 2].map((at) => ({
      mid: `00000000-0000-4000-8000-00000000000${at}`,
      stamp: `${Date.now()}:000${at}`,
      kind: 'activity' as const,
      id: `act_${at}`,
      op: 'put' as const,
      set: { sport: 'run', day: long },
    }));
    await sync.push(caller, { epoch: null, batch });
    const opsOf = (page: { changes: { op: string }[] }) => page.changes.map(({ op }) => op);
    const page = JSON.parse(await sync.pull(caller, { cursor, limit: 2, window: { activityDays: 7 } }));
    expect([page.hasMore, opsOf(page)]).toEqual([true, ['put', 'put']]);
    const copy = JSON.parse(await sync.pull(caller, { cursor: page.cursor }));
    expect([copy.mode, copy.hasMore, opsOf(copy)]).toEqual(['delta', false, ['put']]);
    const last = JSON.parse(await sync.pull(caller, { cursor: page.cursor, limit: 2, window: { activityDays: 7 } }));
    expect([last.hasMore, opsOf(last)]).toEqual([false, ['evict', 'evict', 'evict', 'evict']]);
  });
});
