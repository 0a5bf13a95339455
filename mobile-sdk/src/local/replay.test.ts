import { describe, expect, it } from 'vitest';
import type { Body } from './outbox.ts';
import { replay } from './replay.ts';

const stamp = '1:0000';
const put = (set: NonNullable<Body['set']>): Body => ({ op: 'put', stamp, set });
const patch = (set: NonNullable<Body['set']>, unset?: string[]): Body => ({ op: 'patch', stamp, set, unset });
const remove: Body = { op: 'delete', stamp };
const restore: Body = { op: 'restore', stamp };
const server = { day: '2026-03-01', data: { distanceM: 10_120, rpe: 5 }, alt: { distanceM: { athlete: 10_000 } } };

describe('what the app sees of an object with pending changes', () => {
  it('is the hub’s view with each change laid over it in order', () => {
    expect(replay(server, [patch({ rpe: 6, notes: 'windy' }), patch({ rpe: 7 }, ['notes'])])).toEqual({
      ...server,
      data: { distanceM: 10_120, rpe: 7 },
    });
  });

  it('is the created object before the hub has it', () => {
    expect(replay(null, [put({ sport: 'run' }), patch({ rpe: 3 })])).toEqual({
      day: null,
      data: { sport: 'run', rpe: 3 },
    });
  });

  it('moves to the day a change names', () => {
    expect(replay(server, [{ ...patch({ startedAt: 'x' }), day: '2026-02-27' }])?.day).toBe('2026-02-27');
  });

  it('is nothing after a delete, and what it was before after a restore', () => {
    expect(replay(server, [remove])).toBeNull();
    expect(replay(server, [patch({ rpe: 9 }), remove, restore])?.data.rpe).toBe(9);
  });

  it('stays nothing when the hub has deleted the object under a patch', () => {
    expect(replay(null, [patch({ rpe: 9 })])).toBeNull();
  });

  it('keeps the old value when an override is withdrawn, because only the hub knows the next one', () => {
    expect(replay(server, [{ op: 'override', stamp, unset: ['distanceM'] }])?.data.distanceM).toBe(10_120);
  });

  it('does not change what it was given', () => {
    const before = structuredClone(server);
    replay(server, [patch({ rpe: 1 }, ['distanceM'])]);
    expect(server).toEqual(before);
  });
});
