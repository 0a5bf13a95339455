import { describe, expect, it } from 'vitest';
import type { CoachObject } from './index.ts';
import { createWorld, settle } from './testing/phone.test-support.ts';

describe('a live query', () => {
  it('calls back soon, and again after each write and each page that touches its kind', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const seen: string[][] = [];
    coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.map((run) => `${run.data.title}`)));
    await settle();
    await coach.activities.log({ sport: 'run', title: 'mine' });
    await settle();
    await coach.objects.put('gear', 'gear_1', { title: 'shoes' });
    await settle();
    hub.device('activity', 'act_watch', { title: 'watch' }, '2026-02-28');
    await coach.sync();
    await settle();
    expect(seen).toEqual([[], ['mine'], ['mine', 'watch']]);
  });

  it('first shows what was there before anything the caller does next', async () => {
    const { coach } = createWorld().phone();
    const seen: number[] = [];
    coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.length));
    await coach.activities.log({ sport: 'run' });
    await settle();
    expect(seen).toEqual([0, 1]);
  });

  it('of one object gives null while it is not there', async () => {
    const { coach } = createWorld().phone();
    const seen: (CoachObject | null)[] = [];
    coach.watch({ kind: 'gear', id: 'gear_1' }, (gear) => seen.push(gear));
    await settle();
    await coach.objects.put('gear', 'gear_1', { title: 'shoes' });
    await settle();
    await coach.objects.delete('gear', 'gear_1');
    await settle();
    expect(seen.map((gear) => gear?.data.title ?? null)).toEqual([null, 'shoes', null]);
  });

  it('runs once for writes that are made together, and the last call shows the last of them', async () => {
    const { coach } = createWorld().phone();
    const seen: number[] = [];
    coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.length));
    await settle();
    await Promise.all(Array.from({ length: 20 }, () => coach.activities.log({ sport: 'run' })));
    await settle();
    expect(seen.at(-1)).toBe(20);
    expect(seen.length).toBeLessThan(6);
  });

  it('is quiet after it was ended', async () => {
    const { coach } = createWorld().phone();
    const seen: number[] = [];
    const stop = coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.length));
    await settle();
    stop();
    await coach.activities.log({ sport: 'run' });
    await settle();
    expect(seen).toEqual([0]);
  });

  it('never shows a page half applied', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    for (let i = 0; i < 30; i++) hub.device('activity', `act_${i}`, { sport: 'run' });
    const seen: number[] = [];
    coach.watch({ kind: 'activity' }, (runs) => seen.push(runs.length));
    await coach.sync();
    await settle();
    expect(new Set(seen)).toEqual(new Set([0, 30]));
  });
});
