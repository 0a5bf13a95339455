/** Durable work in a table beside the data, so that a job is written in the transaction it belongs to. */
import type { JobQueue } from '@coach-hub/core';
import { broken } from '../database/broken.ts';
import type { JobInserter } from './insert-jobs.ts';
import { createJobReads } from './job-reads.ts';
import { createJobWrites } from './job-writes.ts';
import { startWorker, type Worker, type WorkerDeps } from './worker.ts';

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_GRACE_MS = 10_000;

export interface QueueDeps extends Pick<WorkerDeps, 'database' | 'now' | 'random' | 'log' | 'aloneAtMs'> {
  insertJobs: JobInserter;
}

/** `wake` is for the writer: jobs were committed. */
export function createJobQueue(deps: QueueDeps): JobQueue & { wake(): void } {
  const { database, now, insertJobs } = deps;
  const reads = createJobReads(database.prepare);
  const writes = createJobWrites(database);
  let worker: Worker | null = null;

  return {
    enqueue(jobs) {
      return database.write((effects) => insertJobs(jobs, effects));
    },
    start(handlers, options) {
      if (worker) throw broken('The queue was started twice.');
      worker = startWorker({ ...deps, reads, writes }, handlers, options?.concurrency ?? DEFAULT_CONCURRENCY);
    },
    async stop(graceMs = DEFAULT_GRACE_MS) {
      const stopped = worker;
      worker = null;
      await stopped?.stop(graceMs);
    },
    /** A queue that is not started does nothing, so it is idle. */
    async idle() {
      await worker?.idle();
    },
    counts() {
      return database.snapshot(reads.counts(now()));
    },
    countsByTask() {
      return database.read(reads.countsByTask(now()));
    },
    dead(limit) {
      return database.read(reads.dead(limit));
    },
    revive(id) {
      return database.write((effects) => {
        effects.jobs = true;
        return writes.revive(id, now());
      });
    },
    wake() {
      worker?.wake();
    },
  };
}
