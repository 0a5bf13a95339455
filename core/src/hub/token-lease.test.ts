import { describe, expect, it } from 'vitest';
import { random, testClock } from './connect.test-support.ts';
import { memoryConnectionStore } from './connect-store.test-support.ts';
import { withConnectionLease } from './token-lease.ts';

/** @param pace 0: the clock stands still while real time passes. */
function lease(pace = 1) {
  const store = memoryConnectionStore();
  const clock = testClock();
  const pause = async (ms: number) => {
    clock.ms += ms * pace;
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const parts = { store, clock, random, pause };
  return {
    store,
    clock,
    take: <T>(work: () => Promise<T>, meanwhile?: () => Promise<T | null>) =>
      withConnectionLease(parts, 'c1', work, meanwhile),
  };
}

describe('the lease of a connection', () => {
  it('lets tasks take turns, also two of one process', async () => {
    const { take } = lease(0);
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push(`${name} out`);
    };
    await Promise.all([take(task('a')), take(task('b'))]);
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
  });

  it('is given back when the work fails', async () => {
    const { take } = lease();
    await expect(take(async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await take(async () => 'next')).toBe('next');
  });

  it('is not waited for once the other has done what was wanted', async () => {
    const { store, clock, take } = lease();
    await store.acquireLease('connection:c1', 'other process', clock.ms + 30_000, clock.ms);
    expect(
      await take(
        async () => 'ours',
        async () => 'theirs',
      ),
    ).toBe('theirs');
  });

  it('of a process that died ends by itself', async () => {
    const { store, clock, take } = lease();
    await store.acquireLease('connection:c1', 'dead process', clock.ms + 30_000, clock.ms);
    expect(await take(async () => 'ours')).toBe('ours');
  });

  it('is given up as busy when it is held for longer than any token call takes', async () => {
    const { store, clock, take } = lease();
    await store.acquireLease('connection:c1', 'stuck process', clock.ms + 3_600_000, clock.ms);
    await expect(take(async () => 'ours')).rejects.toMatchObject({ code: 'busy', retry: 'later' });
  });
});
