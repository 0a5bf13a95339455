/** What a queue owes to the processes that work on it, start, stop and die. */
import assert from 'node:assert/strict';
import { HubError } from '../../error/hub-error.ts';
import type { JobHandler } from '../../store/job-queue.ts';
import type { Law } from '../law.ts';
import { until } from '../store/expectations.ts';
import { type Bench, lawIn, type NewPlace } from '../store/store-place.ts';
import { advanceTo, gateKeeper, job } from './jobs.ts';

/** Longer than any lease: a process that was silent for so long is taken for dead. */
const BEYOND_LEASES_MS = 10 * 60_000;

export function workerLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) => lawIn(newPlace, `queue: ${name}`, body);

  return [
    law('what nobody here can do stays for another process', async ({ queue, openBeside }) => {
      const beside = await openBeside();
      const seen: string[] = [];
      await queue.enqueue([job({ task: 'rare' }), job()]);
      queue.start({ work: async ({ task }) => void seen.push(task) });
      await queue.idle();
      assert.deepEqual([seen, (await queue.counts()).ready], [['work'], 1]);
      beside.queue.start({ rare: async ({ task }) => void seen.push(task) });
      await beside.queue.idle();
      assert.deepEqual(seen, ['work', 'rare']);
    }),

    law('two processes share the work', async ({ queue, openBeside }) => {
      const beside = await openBeside();
      const seen: unknown[] = [];
      const handlers = { work: async ({ payload }: { payload: unknown }) => void seen.push(payload) };
      await queue.enqueue(Array.from({ length: 50 }, (_, at) => job({ payload: at })));
      queue.start(handlers);
      beside.queue.start(handlers);
      await Promise.all([queue.idle(), beside.queue.idle()]);
      await until(() => seen.length >= 50, 'all ran');
      assert.equal(new Set(seen).size, 50);
      assert.equal(seen.length, 50);
    }),

    law('a killed worker’s jobs come back after the lease', async ({ queue, openBeside, clock }) => {
      const gate = gateKeeper();
      const began: string[] = [];
      const beside = await openBeside();
      queue.start({
        work: async (_job, signal) => {
          began.push('first');
          await gate.wait(signal);
          return undefined;
        },
      });
      await queue.enqueue([job({ lane: 'ath_1' })]);
      await until(() => began.length === 1, 'the first worker began');
      beside.queue.start({ work: async ({ attempts }) => void began.push(`second, attempt ${attempts}`) });
      await beside.queue.idle();
      assert.deepEqual(began, ['first']);
      clock.advance(BEYOND_LEASES_MS);
      await beside.queue.idle();
      assert.deepEqual(began, ['first', 'second, attempt 2']);
      gate.open();
    }),

    law('who lost a job settles nothing', async ({ queue, openBeside, clock }) => {
      const [first, second] = [gateKeeper(), gateKeeper()];
      const began: string[] = [];
      const beside = await openBeside();
      queue.start({
        work: async (_job, signal) => {
          began.push('first');
          await first.wait(signal);
          throw new HubError('file_unreadable', { what: 'Late.', why: 'Late.', fix: 'None.' });
        },
      });
      await queue.enqueue([job()]);
      await until(() => began.length === 1, 'the first worker began');
      clock.advance(BEYOND_LEASES_MS);
      beside.queue.start({
        work: async (_job, signal) => {
          began.push('second');
          await second.wait(signal);
          return undefined;
        },
      });
      await until(() => began.length === 2, 'the second worker took over');
      first.open();
      await queue.stop();
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 0, running: 1, dead: 0 });
      second.open();
      await beside.queue.idle();
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 0, running: 0, dead: 0 });
    }),

    law('a job that kills its process every time dies', async ({ queue, openBeside, clock }) => {
      const gate = gateKeeper();
      let began = 0;
      queue.start({
        work: async (_job, signal) => {
          began += 1;
          await gate.wait(signal);
          return undefined;
        },
      });
      await queue.enqueue([job({ maxAttempts: 1 })]);
      await until(() => began === 1, 'it began');
      clock.advance(BEYOND_LEASES_MS);
      const beside = await openBeside();
      beside.queue.start({ work: async () => undefined });
      await beside.queue.idle();
      assert.equal((await beside.queue.counts()).dead, 1);
      gate.open();
    }),

    law('jobs are there after reopening', async ({ queue, clock, reopen }) => {
      await queue.enqueue([
        job({ payload: 1 }),
        job({ payload: 2, runAtMs: clock.now() + 1_000, lane: 'a', key: 'k' }),
      ]);
      const again = await reopen();
      const seen: unknown[] = [];
      again.queue.start({ work: async ({ payload, lane, key }) => void seen.push([payload, lane, key]) });
      await advanceTo(again.queue, clock, 1_000);
      assert.deepEqual(seen, [
        [1, null, null],
        [2, 'a', 'k'],
      ]);
    }),

    law('stopping waits for what runs and leaves the rest for later', async ({ queue }) => {
      const gate = gateKeeper();
      const seen: unknown[] = [];
      const work: JobHandler = async ({ payload }, signal) => {
        seen.push(payload);
        await gate.wait(signal);
        return undefined;
      };
      await queue.enqueue([1, 2, 3, 4].map((payload) => job({ payload })));
      queue.start({ work }, { concurrency: 1 });
      await until(() => seen.length === 1, 'the first job runs');
      let stopped = false;
      const stopping = queue.stop().then(() => {
        stopped = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(stopped, false);
      gate.open();
      await stopping;
      assert.deepEqual([seen, (await queue.counts()).ready], [[1], 3]);
      queue.start({ work });
      await queue.idle();
      assert.deepEqual([...seen].sort(), [1, 2, 3, 4]);
    }),

    law('stopping asks a slow job to end after the grace, which is no failed attempt', async ({ queue }) => {
      const attempts: number[] = [];
      await queue.enqueue([job({ maxAttempts: 1 })]);
      queue.start({
        work: (each, signal) => {
          attempts.push(each.attempts);
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('stopped')));
          });
        },
      });
      await until(() => attempts.length === 1, 'it began');
      await queue.stop(10);
      assert.deepEqual(await queue.counts(), { ready: 1, delayed: 0, running: 0, dead: 0 });
      queue.start({ work: async (each) => void attempts.push(each.attempts) });
      await queue.idle();
      assert.deepEqual(attempts, [1, 1]);
    }),

    law('a queue that has nothing to do is idle', async ({ queue, clock }) => {
      await queue.idle();
      queue.start({ work: async () => undefined });
      await queue.enqueue([job({ runAtMs: clock.now() + 60_000 })]);
      await queue.idle();
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 1, running: 0, dead: 0 });
    }),
  ];
}
