/** What a queue owes to the jobs in it. */
import assert from 'node:assert/strict';
import { HubError } from '../../error/hub-error.ts';
import type { JobHandler } from '../../store/job-queue.ts';
import type { Law } from '../law.ts';
import { until } from '../store/expectations.ts';
import { type Bench, lawIn, type NewPlace } from '../store/store-place.ts';
import { advanceTo, gateKeeper, job } from './jobs.ts';

/** A delay of 2^n seconds may be stretched by jitter up to twice that. */
const WITH_JITTER = 2;

export function jobLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) => lawIn(newPlace, `queue: ${name}`, body);

  return [
    law('a job runs once, with its payload, and is forgotten', async ({ queue }) => {
      const seen: unknown[] = [];
      await queue.enqueue([job({ payload: { day: '2026-03-01', ids: [1, null] }, key: 'k', lane: 'ath_1' })]);
      queue.start({ work: async ({ task, payload, key, lane }) => void seen.push({ task, payload, key, lane }) });
      await queue.idle();
      assert.deepEqual(seen, [
        { task: 'work', payload: { day: '2026-03-01', ids: [1, null] }, key: 'k', lane: 'ath_1' },
      ]);
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 0, running: 0, dead: 0 });
    }),

    law('a job added to a working queue starts by itself', async ({ queue }) => {
      const seen: unknown[] = [];
      queue.start({ work: async ({ payload }) => void seen.push(payload) });
      await queue.idle();
      await queue.enqueue([job({ payload: 'now' })]);
      await until(() => seen.length === 1, 'the job ran');
    }),

    law('a job waits for its time', async ({ queue, clock }) => {
      const seen: unknown[] = [];
      await queue.enqueue([job({ payload: 'later', runAtMs: clock.now() + 60_000 }), job({ payload: 'now' })]);
      assert.deepEqual(await queue.counts(), { ready: 1, delayed: 1, running: 0, dead: 0 });
      queue.start({ work: async ({ payload }) => void seen.push(payload) });
      await queue.idle();
      assert.deepEqual(seen, ['now']);
      clock.advance(59_999);
      await queue.idle();
      assert.deepEqual(seen, ['now']);
      clock.advance(1);
      await queue.idle();
      assert.deepEqual(seen, ['now', 'later']);
    }),

    law('a failed job comes back after 2^(n−1) seconds until it is dead', async ({ queue, clock }) => {
      const timeline: string[] = [];
      const failing: JobHandler = async ({ attempts }) => {
        timeline.push(`attempt ${attempts}`);
        throw new Error('provider did not answer');
      };
      await queue.enqueue([job({ maxAttempts: 4 })]);
      queue.start({ work: failing });
      await queue.idle();
      for (const seconds of [1, 2, 4]) {
        await advanceTo(queue, clock, seconds * 1_000 - 1);
        timeline.push(`not before ${seconds}s`);
        await advanceTo(queue, clock, seconds * 1_000 * (WITH_JITTER - 1) + 1);
      }
      timeline.push(`${(await queue.counts()).dead} dead`);
      await advanceTo(queue, clock, 3_600_000);
      assert.deepEqual(timeline, [
        'attempt 1',
        'not before 1s',
        'attempt 2',
        'not before 2s',
        'attempt 3',
        'not before 4s',
        'attempt 4',
        '1 dead',
      ]);
    }),

    law('a dead job is listed with its reason and can be revived', async ({ queue, clock }) => {
      let broken = true;
      await queue.enqueue([job({ payload: 7, maxAttempts: 1, key: 'k' })]);
      queue.start({
        work: async () => {
          if (broken) throw new HubError('busy', { what: 'It failed.', why: 'The disk is on fire.', fix: 'Water.' });
          return undefined;
        },
      });
      await queue.idle();
      const [dead, ...others] = await queue.dead(10);
      assert.equal(others.length, 0);
      assert.match(dead!.lastError, /disk is on fire/);
      assert.deepEqual([dead!.payload, dead!.key, dead!.diedAtMs], [7, 'k', clock.now()]);
      broken = false;
      assert.equal(await queue.revive(dead!.id), true);
      await queue.idle();
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 0, running: 0, dead: 0 });
      assert.equal(await queue.revive(dead!.id), false);
    }),

    law('of an error that is not the hub’s no word is kept: it may quote a secret', async ({ queue }) => {
      await queue.enqueue([job({ maxAttempts: 1 })]);
      queue.start({
        work: async () => {
          throw new TypeError('the token s3cret is no number');
        },
      });
      await queue.idle();
      const [dead] = await queue.dead(1);
      assert.match(dead!.lastError, /^TypeError/);
      assert.doesNotMatch(dead!.lastError, /s3cret|number/);
    }),

    law('jobs are counted by task and state', async ({ queue, clock }) => {
      await queue.enqueue([
        job({ task: 'rare' }),
        job({ task: 'rare', runAtMs: clock.now() + 60_000 }),
        job({ task: 'work', maxAttempts: 1 }),
      ]);
      queue.start({ work: () => Promise.reject(new Error('no')) });
      await queue.idle();
      assert.deepEqual(await queue.countsByTask(), [
        { task: 'rare', ready: 1, delayed: 1, running: 0, dead: 0 },
        { task: 'work', ready: 0, delayed: 0, running: 0, dead: 1 },
      ]);
    }),

    law('an error that no retry can help kills the job at once', async ({ queue }) => {
      await queue.enqueue([job()]);
      queue.start({
        work: async () => {
          throw new HubError('file_unreadable', { what: 'The file is no FIT.', why: 'Its head is not.', fix: 'None.' });
        },
      });
      await queue.idle();
      assert.match((await queue.dead(1))[0]!.lastError, /file_unreadable/);
    }),

    law('a postponed job comes back at its time and has not failed', async ({ queue, clock }) => {
      const attempts: number[] = [];
      const startMs = clock.now();
      await queue.enqueue([job({ maxAttempts: 1 })]);
      queue.start({
        work: async (each) => {
          attempts.push(each.attempts);
          return attempts.length < 3 ? { postponeUntilMs: startMs + attempts.length * 900_000 } : undefined;
        },
      });
      await queue.idle();
      await advanceTo(queue, clock, 899_999);
      assert.deepEqual(attempts, [1]);
      await advanceTo(queue, clock, 1);
      await advanceTo(queue, clock, 900_000);
      assert.deepEqual(attempts, [1, 1, 1]);
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 0, running: 0, dead: 0 });
    }),

    law('of one key there is one pending job, at the earlier time', async ({ queue, clock }) => {
      const seen: unknown[] = [];
      const at = (ms: number) => clock.now() + ms;
      await queue.enqueue([job({ key: 'a', runAtMs: at(5_000) }), job({ key: 'a', runAtMs: at(1_000) })]);
      await queue.enqueue([job({ key: 'a', runAtMs: at(9_000) }), job({ key: 'b', runAtMs: at(9_000) })]);
      assert.equal((await queue.counts()).delayed, 2);
      queue.start({ work: async ({ key }) => void seen.push(key) });
      await advanceTo(queue, clock, 1_000);
      assert.deepEqual(seen, ['a']);
      await advanceTo(queue, clock, 60_000);
      assert.deepEqual(seen, ['a', 'b']);
    }),

    law('jobs without a key are never taken for one', async ({ queue }) => {
      await queue.enqueue([job(), job(), job({ key: null })]);
      assert.equal((await queue.counts()).ready, 3);
    }),

    law('a job asked for while it runs is run again', async ({ queue }) => {
      const gate = gateKeeper();
      let runs = 0;
      queue.start({
        work: async (_job, signal) => {
          runs += 1;
          if (runs === 1) await gate.wait(signal);
          return undefined;
        },
      });
      await queue.enqueue([job({ key: 'k' })]);
      await until(() => runs === 1, 'the first run began');
      await queue.enqueue([job({ key: 'k' })]);
      gate.open();
      await queue.idle();
      assert.equal(runs, 2);
    }),

    law('a job that failed while its key was asked for again gives way to the new one', async ({ queue, clock }) => {
      const gate = gateKeeper();
      const payloads: unknown[] = [];
      const work: JobHandler = async ({ payload }, signal) => {
        payloads.push(payload);
        if (payloads.length > 1) return undefined;
        await gate.wait(signal);
        throw new Error('the first one fails');
      };
      queue.start({ work }, { concurrency: 1 });
      await queue.enqueue([job({ key: 'k', payload: 'old' })]);
      await until(() => payloads.length === 1, 'the first run began');
      await queue.enqueue([job({ key: 'k', payload: 'new', runAtMs: clock.now() + 60_000 })]);
      gate.open();
      await queue.idle();
      assert.deepEqual(await queue.counts(), { ready: 0, delayed: 1, running: 0, dead: 0 });
      await advanceTo(queue, clock, 60_000);
      assert.deepEqual(payloads, ['old', 'new']);
    }),

    law('jobs of one lane run one at a time, others beside them', async ({ queue }) => {
      let atOnce = 0;
      const most = { lane: 0, all: 0 };
      const inLane = { a: 0 };
      await queue.enqueue([...'aaaa'].map((lane) => job({ lane, payload: lane })));
      await queue.enqueue([job({ payload: null }), job({ payload: null }), job({ lane: 'b', payload: null })]);
      queue.start(
        {
          work: async ({ payload }) => {
            atOnce += 1;
            if (payload === 'a') inLane.a += 1;
            most.all = Math.max(most.all, atOnce);
            most.lane = Math.max(most.lane, inLane.a);
            await new Promise((resolve) => setTimeout(resolve, 5));
            atOnce -= 1;
            if (payload === 'a') inLane.a -= 1;
            return undefined;
          },
        },
        { concurrency: 4 },
      );
      await queue.idle();
      assert.equal(most.lane, 1);
      assert.ok(most.all > 1, 'jobs of other lanes run beside');
      assert.equal((await queue.counts()).ready, 0);
    }),

    law('the smaller priority runs first, and within it the longest due', async ({ queue, clock }) => {
      const seen: unknown[] = [];
      const nowMs = clock.now();
      await queue.enqueue([
        job({ payload: 'history', priority: 10, runAtMs: nowMs - 9_000 }),
        job({ payload: 'live 2', runAtMs: nowMs - 1_000 }),
        job({ payload: 'live 1', runAtMs: nowMs - 2_000 }),
        job({ payload: 'urgent', priority: -1 }),
      ]);
      queue.start({ work: async ({ payload }) => void seen.push(payload) }, { concurrency: 1 });
      await queue.idle();
      assert.deepEqual(seen, ['urgent', 'live 1', 'live 2', 'history']);
    }),
  ];
}
