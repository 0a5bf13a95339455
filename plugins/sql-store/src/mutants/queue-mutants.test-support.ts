import type { JobHandler, JobQueue, NewJob } from '@coach-hub/core';
import { openSchema } from '../migrations/schema-of.test-support.ts';
import type { Killers, Mutant } from './mutant.test-support.ts';

function adding(alter: (job: NewJob) => NewJob): Mutant {
  return { queue: (real) => ({ enqueue: (jobs) => real.enqueue(jobs.map(alter)) }) };
}

function handling(alter: (handler: JobHandler, real: JobQueue) => JobHandler): Mutant {
  return {
    queue: (real) => ({
      start: (handlers, options) => {
        const altered = Object.entries(handlers).map(([task, handler]) => [task, alter(handler, real)]);
        real.start(Object.fromEntries(altered), options);
      },
    }),
  };
}

const runsTwice = handling((handler) => async (job, signal) => {
  await handler(job, signal);
  return handler(job, signal);
});

const losesJobs: Mutant = { queue: () => ({ enqueue: async () => {} }) };
const timeStandsStill: Mutant = {
  options: ({ now }) => ({
    now: (
      (startMs) => () =>
        startMs
    )(now()),
  }),
};
const ignoresKeys = adding((job) => ({ ...job, key: null }));
const alwaysTriesOnce = adding((job) => ({ ...job, maxAttempts: 1 }));

/** Whose run ends has the job again, whoever took it since. */
const anybodySettles: Mutant = {
  queue: (real, url) => ({
    start: (handlers, options) =>
      real.start(
        {
          work: async (job, signal) => {
            try {
              return await handlers.work!(job, signal);
            } finally {
              const { exec, close } = await openSchema(url);
              await exec(`update job set claims = ${job.attempts}`);
              await close();
            }
          },
        },
        options,
      ),
  }),
};

export const queueKillers: Killers = {
  'queue: a job runs once, with its payload, and is forgotten': runsTwice,
  'queue: a job added to a working queue starts by itself': losesJobs,
  'queue: a job waits for its time': adding(({ runAtMs: _runAtMs, ...job }) => job),
  'queue: a failed job comes back after 2^(n−1) seconds until it is dead': alwaysTriesOnce,
  'queue: a dead job is listed with its reason and can be revived': { queue: () => ({ revive: async () => true }) },
  'queue: of an error that is not the hub’s no word is kept: it may quote a secret': {
    queue: (real) => ({
      dead: async (limit) =>
        (await real.dead(limit)).map((each) => ({ ...each, lastError: `${each.lastError} the token s3cret` })),
    }),
  },
  'queue: jobs are counted by task and state': {
    queue: (real) => ({
      countsByTask: async () => (await real.countsByTask()).filter(({ dead }) => dead === 0),
    }),
  },
  'queue: an error that no retry can help kills the job at once': handling(
    (handler) => (job, signal) =>
      handler(job, signal).catch((error) => {
        throw new Error(String(error));
      }),
  ),
  'queue: a postponed job comes back at its time and has not failed': handling((handler) => async (job, signal) => {
    if (await handler(job, signal)) throw new Error('later');
    return undefined;
  }),
  'queue: of one key there is one pending job, at the earlier time': ignoresKeys,
  'queue: jobs without a key are never taken for one': adding((job) => ({ ...job, key: job.key ?? '' })),
  'queue: a job asked for while it runs is run again': {
    queue: (real) => ({
      async enqueue(jobs) {
        if ((await real.counts()).running === 0) await real.enqueue(jobs);
      },
    }),
  },
  'queue: a job that failed while its key was asked for again gives way to the new one': ignoresKeys,
  'queue: jobs of one lane run one at a time, others beside them': adding((job) => ({ ...job, lane: null })),
  'queue: the smaller priority runs first, and within it the longest due': adding((job) => ({ ...job, priority: 0 })),
  'queue: what nobody here can do stays for another process': {
    queue: (real) => ({
      start: (handlers, options) => real.start({ rare: async () => undefined, ...handlers }, options),
    }),
  },
  'queue: two processes share the work': runsTwice,
  'queue: a killed worker’s jobs come back after the lease': timeStandsStill,
  'queue: who lost a job settles nothing': anybodySettles,
  'queue: a job that kills its process every time dies': adding(({ maxAttempts: _max, ...job }) => job),
  'queue: jobs are there after reopening': losesJobs,
  'queue: stopping waits for what runs and leaves the rest for later': {
    queue: (real) => ({
      async stop() {
        void real.stop();
      },
    }),
  },
  'queue: stopping asks a slow job to end after the grace, which is no failed attempt': handling(
    (handler) => (job, signal) => handler(job, signal).catch(() => undefined),
  ),
  'queue: a queue that has nothing to do is idle': adding(({ runAtMs: _runAtMs, ...job }) => job),
};
