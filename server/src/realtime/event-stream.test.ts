import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveRev, liveRev } from '../testing/live-rev.test-support.ts';
import { eventStream } from './event-stream.ts';

const TIMERS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;
const HOUR_MS = 3_600_000;

/** Reads a stream into lines such as `25.0s still here`, on a clock that the test moves. */
async function watch(
  rev: LiveRev,
  { tokenEndsInMs = HOUR_MS, closing }: { tokenEndsInMs?: number; closing?: AbortSignal } = {},
) {
  let nowMs = 0;
  const timeline: string[] = [];
  const stream = await eventStream({
    sync: rev.sync,
    clock: { now: () => nowMs },
    admission: { athleteId: 'a_ann', tokenEndsAtMs: tokenEndsInMs },
    closing,
  });
  const reader = stream.getReader();
  const at = (text: string) => timeline.push(`${(nowMs / 1_000).toFixed(2)}s ${text}`);
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return at('end');
      at(new TextDecoder().decode(value).trim().replaceAll('\n', ' | '));
    }
  })();
  const pass = async (ms: number, stepMs = 50) => {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      await vi.advanceTimersByTimeAsync(0); // what is on its way arrives before time goes on
      nowMs += Math.min(stepMs, endMs - nowMs);
      await vi.advanceTimersByTimeAsync(Math.min(stepMs, ms));
    }
  };
  await vi.advanceTimersByTimeAsync(0);
  return { timeline, pass, reading, reader };
}

describe('an event stream', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: [...TIMERS] }));
  afterEach(() => void vi.useRealTimers());

  it('tells the current rev at once', async () => {
    const { timeline } = await watch(liveRev(1_290));
    expect(timeline).toEqual(['0.00s retry: 3000', '0.00s event: poke | id: 1290 | data: {"rev":1290}']);
  });

  it('pokes at most every 250 ms, and always ends with the newest rev', async () => {
    const rev = liveRev(5);
    const { timeline, pass } = await watch(rev);
    await pass(1_000);
    for (const next of [6, 7, 8]) {
      rev.commit(next);
      await pass(100);
    }
    await pass(1_000);
    expect(timeline.slice(2)).toEqual([
      '1.00s event: poke | id: 6 | data: {"rev":6}',
      '1.25s event: poke | id: 8 | data: {"rev":8}',
    ]);
  });

  it('misses no commit that falls between listening and reading the rev', async () => {
    const rev = liveRev(5);
    rev.duringHead(() => rev.commit(6));
    const { timeline } = await watch(rev);
    expect(timeline.at(-1)).toBe('0.00s event: poke | id: 6 | data: {"rev":6}');
  });

  it('never goes back', async () => {
    const rev = liveRev(5);
    const { timeline, pass } = await watch(rev);
    await pass(1_000);
    rev.commit(4);
    rev.commit(5);
    await pass(1_000);
    expect(timeline).toHaveLength(2);
  });

  it('shows that it lives every 25 seconds', async () => {
    const { timeline, pass } = await watch(liveRev(5));
    await pass(60_000, 1_000);
    expect(timeline.slice(2)).toEqual(['25.00s : still here', '50.00s : still here']);
  });

  it('asks for a fresh token 30 s before the end of the old one, and ends with it', async () => {
    const rev = liveRev(5);
    const { timeline, pass } = await watch(rev, { tokenEndsInMs: 45_000 });
    await pass(55_000, 1_000);
    expect(timeline.slice(2)).toEqual(['15.00s event: reauth | data: {}', '25.00s : still here', '45.00s end']);
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('asks at once when the token has less than 30 s left', async () => {
    const { timeline } = await watch(liveRev(5), { tokenEndsInMs: 10_000 });
    expect(timeline.at(-1)).toBe('0.00s event: reauth | data: {}');
  });

  it('lives a day at most, however long the token lasts', async () => {
    const { timeline, pass } = await watch(liveRev(5), { tokenEndsInMs: 400 * 24 * HOUR_MS });
    await pass(24 * HOUR_MS, 10_000);
    expect(timeline.filter((line) => !line.includes('still here')).slice(2)).toEqual([
      '86370.00s event: reauth | data: {}',
      '86400.00s end',
    ]);
  });

  it('says bye when the server closes, ends, and leaves nothing behind', async () => {
    const rev = liveRev(5);
    const closing = new AbortController();
    const { timeline, reading } = await watch(rev, { closing: closing.signal });
    closing.abort();
    await reading;
    expect(timeline.slice(-2)).toEqual(['0.00s event: bye | data: {}', '0.00s end']);
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('ends at once when the server is closing already', async () => {
    const { timeline } = await watch(liveRev(5), { closing: AbortSignal.abort() });
    expect(timeline.at(-1)).toBe('0.00s end');
  });

  it('leaves nothing behind when the client goes', async () => {
    const rev = liveRev(5);
    const { reader } = await watch(rev);
    await reader.cancel();
    rev.commit(6);
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('leaves nothing behind when the rev cannot be read', async () => {
    const rev = liveRev(5);
    rev.duringHead(() => {
      throw new Error('database is gone');
    });
    await expect(watch(rev)).rejects.toThrow('database is gone');
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('is ended for a client that does not read', async () => {
    const rev = liveRev(0);
    await eventStream({
      sync: rev.sync,
      clock: { now: () => 0 },
      admission: { athleteId: 'a_ann', tokenEndsAtMs: HOUR_MS },
      closing: undefined,
    });
    for (let next = 1; next <= 100; next += 1) {
      rev.commit(next);
      await vi.advanceTimersByTimeAsync(250);
    }
    expect([rev.listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  });
});
