import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveRev } from '../testing/live-rev.test-support.ts';
import { waitForRev } from './wait-for-rev.ts';

const forever: AbortSignal[] = [];

/** Whether a promise is settled by now. */
async function isOver(waiting: Promise<void>): Promise<boolean> {
  let over = false;
  void waiting.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

describe('waiting for a rev', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('ends at once when the rev is another one already, also a lower one', async () => {
    expect(await isOver(waitForRev(liveRev(6).sync, 'a_ann', 5, forever))).toBe(true);
    expect(await isOver(waitForRev(liveRev(4).sync, 'a_ann', 5, forever))).toBe(true);
  });

  it('ends with the next commit', async () => {
    const rev = liveRev(5);
    const waiting = waitForRev(rev.sync, 'a_ann', 5, forever);
    expect(await isOver(waiting)).toBe(false);
    rev.commit(6);
    expect(await isOver(waiting)).toBe(true);
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('misses no commit that falls between listening and reading the rev', async () => {
    const rev = liveRev(5);
    rev.duringHead(() => rev.commit(6));
    expect(await isOver(waitForRev(rev.sync, 'a_ann', 5, forever))).toBe(true);
  });

  it('ends after 25 seconds without one', async () => {
    const rev = liveRev(5);
    const waiting = waitForRev(rev.sync, 'a_ann', 5, forever);
    await vi.advanceTimersByTimeAsync(24_999);
    expect(await isOver(waiting)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isOver(waiting)).toBe(true);
    expect(rev.listeners()).toBe(0);
  });

  it('ends when the client goes or the server closes', async () => {
    const rev = liveRev(5);
    const leaving = new AbortController();
    const waiting = waitForRev(rev.sync, 'a_ann', 5, [leaving.signal]);
    expect(await isOver(waiting)).toBe(false);
    leaving.abort();
    expect(await isOver(waiting)).toBe(true);
    expect(await isOver(waitForRev(rev.sync, 'a_ann', 5, [AbortSignal.abort()]))).toBe(true);
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('fails when the rev cannot be read, and leaves nothing behind', async () => {
    const rev = liveRev(5);
    rev.duringHead(() => {
      throw new Error('database is gone');
    });
    await expect(waitForRev(rev.sync, 'a_ann', 5, forever)).rejects.toThrow('database is gone');
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });
});
