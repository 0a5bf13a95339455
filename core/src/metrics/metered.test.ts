import { describe, expect, it } from 'vitest';
import { HubError } from '../error/hub-error.ts';
import type { AdapterPool } from '../plugin/adapter-pool.ts';
import type { DecideStep } from '../store/athlete-change.ts';
import type { Job } from '../store/job-queue.ts';
import type { SyncStore } from '../store/sync-store.ts';
import type { Meter } from './meter.ts';
import { meteredJobs } from './metered-jobs.ts';
import { meteredPool } from './metered-pool.ts';
import { meteredStore } from './metered-store.ts';

function recorder() {
  let nowMs = 0;
  const told: string[] = [];
  const meter: Meter = {
    count: (metric, labels, by = 1) => void told.push(`${metric} ${Object.values(labels).join(' ')} +${by}`),
    observe: (metric, labels, value) => void told.push(`${metric} ${Object.values(labels).join(' ')} ${value}s`),
  };
  const clock = { now: () => nowMs };
  return {
    told,
    meter,
    clock,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe('a store that is measured', () => {
  const step = (...kinds: string[]) =>
    ({ do: 'write', write: { objects: kinds.map((kind) => ({ kind })) }, result: 7 }) as unknown as DecideStep<number>;
  const store = (decideTwice: boolean) =>
    ({
      async withAthleteChange(_athlete: string, _load: object, decide: (loaded: never) => DecideStep<number>) {
        if (decideTwice) decide(null as never);
        const last = decide(null as never);
        return last.do === 'write' ? last.result : null;
      },
    }) as unknown as SyncStore;

  it('counts the objects of the write that was committed, once', async () => {
    const { told, meter } = recorder();
    const steps = [step('activity', 'question'), step('activity')];
    const result = await meteredStore(store(true), meter).withAthleteChange('ann', {}, () => steps.shift() as never);
    expect([result, told]).toEqual([7, ['coach_objects_written_total activity +1']]);
  });

  it('counts nothing where nothing was written or the write failed', async () => {
    const { told, meter } = recorder();
    const measured = meteredStore(store(false), meter);
    await measured.withAthleteChange('ann', {}, () => ({ do: 'write', write: null, result: 1 }));
    const failing = measured.withAthleteChange('ann', {}, () => {
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(told).toEqual([]);
  });
});

describe('a job that is measured', () => {
  const run = async (handler: () => Promise<unknown>, signal = new AbortController().signal) => {
    const { told, meter, clock, pass } = recorder();
    const handlers = meteredJobs(
      {
        work: async () => {
          pass(250);
          return (await handler()) as undefined;
        },
      },
      { meter, clock },
    );
    await handlers.work?.({} as Job, signal).catch(() => undefined);
    return told;
  };

  it.each([
    ['done', async () => undefined],
    ['postponed', async () => ({ postponeUntilMs: 1 })],
    ['failed', () => Promise.reject(new Error('no'))],
  ])('tells that it was %s, and how long it took', async (outcome, handler) => {
    expect(await run(handler)).toEqual([
      `coach_jobs_total work ${outcome} +1`,
      'coach_job_duration_seconds work 0.25s',
    ]);
  });

  it('that the hub stopped tells nothing', async () => {
    expect(await run(() => Promise.reject(new Error('stopped')), AbortSignal.abort())).toEqual([]);
  });
});

describe('a pool that is measured', () => {
  it('tells how long an envelope took and how it ended', async () => {
    const { told, meter, clock, pass } = recorder();
    const story = { what: 'It cannot be read.', why: 'It is damaged.', fix: 'Send it again.' };
    const answers = [{ claims: [], notes: [] }, new HubError('normalise_failed', story), new Error('s3cret')];
    const pool = {
      async normalise() {
        pass(2_000);
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as AdapterPool;
    const { normalise } = meteredPool(pool, { meter, clock });
    for (let each = 0; each < 3; each += 1)
      await normalise({ id: 'stride' } as never, {} as never).catch(() => undefined);
    expect(told).toEqual([
      'coach_decode_duration_seconds stride ok 2s',
      'coach_decode_duration_seconds stride normalise_failed 2s',
      'coach_decode_duration_seconds stride internal 2s',
    ]);
  });
});
