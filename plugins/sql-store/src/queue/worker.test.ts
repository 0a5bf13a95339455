import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { plugin } from '../index.ts';
import { openTemporary, optionsFor } from '../temporary-folder.test-support.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a queue at work', () => {
  it('wakes by itself when a delayed job is due', async () => {
    const { queue } = await openTemporary({ now: Date.now });
    const ran: number[] = [];
    queue.start({ later: async () => void ran.push(Date.now()) });
    const dueMs = Date.now() + 60;
    await queue.enqueue([{ task: 'later', payload: null, runAtMs: dueMs }]);
    await vi.waitFor(() => expect(ran).toHaveLength(1), { timeout: 5_000 });
    expect(ran[0]).toBeGreaterThanOrEqual(dueMs);
  });

  it('finds what another process added', async () => {
    const { queue, folder } = await openTemporary({ now: Date.now });
    const beside = await plugin.open(optionsFor(folder, { now: Date.now }));
    onTestFinished(() => beside.close());
    const ran: unknown[] = [];
    queue.start({ work: async ({ payload }) => void ran.push(payload) });
    await queue.idle();
    await beside.queue.enqueue([{ task: 'work', payload: 'from elsewhere' }]);
    await vi.waitFor(() => expect(ran).toEqual(['from elsewhere']), { timeout: 5_000 });
  });

  it('keeps a long job by renewing its lease', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let nowMs = 0;
    const now = () => nowMs;
    const { queue, folder } = await openTemporary({ now });
    const beside = await plugin.open(optionsFor(folder, { now }));
    onTestFinished(() => beside.close());
    const began: string[] = [];
    let finish = () => {};
    queue.start({
      long: () => {
        began.push('first');
        return new Promise((resolve) => {
          finish = () => resolve(undefined);
        });
      },
    });
    await queue.enqueue([{ task: 'long', payload: null }]);
    await vi.waitFor(() => expect(began).toEqual(['first']));
    for (let seconds = 0; seconds < 120; seconds += 10) {
      nowMs += 10_000;
      vi.advanceTimersByTime(10_000);
      await sleep(1);
    }
    beside.queue.start({ long: async () => void began.push('second') });
    await beside.queue.idle();
    expect(began).toEqual(['first']);
    finish();
    await queue.idle();
    expect((await queue.counts()).running).toBe(0);
  });

  it('cannot be started twice, and can be started again after it was stopped', async () => {
    const { queue } = await openTemporary();
    queue.start({});
    expect(() => queue.start({})).toThrow('started twice');
    await queue.stop();
    queue.start({});
  });

  it('drains a backlog of one lane in the order it was added', async () => {
    const { queue } = await openTemporary();
    const ran: unknown[] = [];
    await queue.enqueue(Array.from({ length: 100 }, (_, at) => ({ task: 'work', payload: at, lane: 'ath_1' })));
    queue.start({ work: async ({ payload }) => void ran.push(payload) });
    await queue.idle();
    expect(ran).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  it('says which job died, and why', async () => {
    const said: unknown[] = [];
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (message: string, fields?: object) => said.push(message, fields),
    };
    const { queue } = await openTemporary({ log });
    queue.start({
      work: async () => {
        throw new TypeError('x is not a function');
      },
    });
    await queue.enqueue([{ task: 'work', payload: null, maxAttempts: 1 }]);
    await queue.idle();
    expect(said).toEqual([
      'job is dead',
      { jobId: 1, task: 'work', attempts: 1, error: expect.stringMatching(/^TypeError at /) },
    ]);
  });
});
