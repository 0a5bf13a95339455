/**
 * Works through the queue between `start` and `stop`.
 *
 * It holds twice as many jobs as run at once, so that the next is there when one ends. Each job that ends, each commit
 * that added jobs and a timer make it look again; nothing else does. Its timers keep no process alive.
 */
import { HubError, type JobHandler, type Log } from '@coach-hub/core';
import PQueue from 'p-queue';
import type { Writer } from '../database/writer.ts';
import type { JobReads } from './job-reads.ts';
import { type JobRow, jobOf } from './job-rows.ts';
import type { JobWrites } from './job-writes.ts';
import { retryDelayMs } from './retry-delay.ts';

/** A crashed process's jobs come back after this. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = LEASE_MS / 3;
/** Jobs that another process added are found after this at the latest. */
const LOOK_EVERY_MS = 1_000;
const MAX_ERROR_CHARS = 1_000;

export interface WorkerDeps {
  writer: Writer;
  reads: JobReads;
  writes: JobWrites;
  now: () => number;
  random: () => number;
  log: Log;
}

export interface Worker {
  /** Looks for work. */
  wake(): void;
  /** Resolves when nothing this worker could do is due or running. */
  idle(): Promise<void>;
  stop(graceMs: number): Promise<void>;
}

interface Held {
  job: JobRow;
  controller: AbortController;
  started: boolean;
}

type Outcome = { is: 'done' } | { is: 'postponed'; untilMs: number } | { is: 'failed'; error: unknown };

export function startWorker(
  { writer, reads, writes, now, random, log }: WorkerDeps,
  handlers: { [task: string]: JobHandler },
  concurrency: number,
): Worker {
  const pool = new PQueue({ concurrency });
  const held = new Set<Held>();
  const tasks = JSON.stringify(Object.keys(handlers));
  let stopping = false;
  let lookAgain = false;
  let looking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let waiters: (() => void)[] = [];
  const heartbeat = setInterval(renewAll, RENEW_EVERY_MS).unref();

  function wake(): void {
    lookAgain = true;
    if (looking || stopping) return;
    looking = look().then(
      () => ended(true),
      (error) => {
        log.warn('queue could not look for work', { error: textOf(error) });
        ended(false);
      },
    );
  }

  function ended(isSuccess: boolean): void {
    looking = null;
    // After a failure who waits goes on waiting: the timer looks again.
    if (isSuccess) changed();
    if (lookAgain) wake();
    else arm();
  }

  async function look(): Promise<void> {
    while (lookAgain && !stopping) {
      lookAgain = false;
      const limit = 2 * concurrency - held.size;
      if (limit <= 0 || !reads.hasWork(now(), tasks)) return;
      const taken = await writer.write(() =>
        writes.take({ nowMs: now(), tasks, limit, leaseUntilMs: now() + LEASE_MS }),
      );
      for (const job of taken) hold(job);
      if (taken.length === limit) lookAgain = true;
    }
  }

  function hold(job: JobRow): void {
    const each: Held = { job, controller: new AbortController(), started: false };
    held.add(each);
    void pool.add(() => work(each), { priority: -job.priority });
  }

  async function work(each: Held): Promise<void> {
    each.started = true;
    const outcome = await run(each);
    try {
      await writer.write(() => settle(each, outcome));
    } catch (error) {
      log.warn('job could not be settled and comes back after its lease', { jobId: each.job.id, error: textOf(error) });
    }
    held.delete(each);
    changed();
    wake();
  }

  async function run({ job, controller }: Held): Promise<Outcome> {
    try {
      const answer = await handlers[job.task]!(jobOf(job), controller.signal);
      return answer ? { is: 'postponed', untilMs: answer.postponeUntilMs } : { is: 'done' };
    } catch (error) {
      return { is: 'failed', error };
    }
  }

  /** In the transaction. */
  function settle({ job, controller }: Held, outcome: Outcome): void {
    if (outcome.is === 'done') return writes.done(job);
    if (outcome.is === 'postponed') {
      return writes.putBack(job, { runAtMs: outcome.untilMs, attempts: job.attempts - 1, lastError: null });
    }
    // Stopped by us, not failed by itself.
    if (controller.signal.aborted) return release(job);
    const lastError = textOf(outcome.error);
    const isHopeless = outcome.error instanceof HubError && outcome.error.retry === 'never';
    if (isHopeless || job.attempts >= job.maxAttempts) {
      log.error('job is dead', { jobId: job.id, task: job.task, attempts: job.attempts, error: lastError });
      return writes.die(job, lastError, now());
    }
    writes.putBack(job, { runAtMs: now() + retryDelayMs(job.attempts, random), attempts: job.attempts, lastError });
  }

  /** Puts a job back as if it had never been taken. */
  function release(job: JobRow): void {
    writes.putBack(job, { runAtMs: now(), attempts: job.attempts - 1, lastError: null });
  }

  function renewAll(): void {
    if (held.size === 0) return;
    const leaseUntilMs = now() + LEASE_MS;
    writer
      .write(() => {
        for (const { job } of held) writes.renew(job, leaseUntilMs);
      })
      .catch((error) => log.warn('leases of running jobs could not be renewed', { error: textOf(error) }));
  }

  function arm(): void {
    clearTimeout(timer);
    if (stopping) return;
    const nextMs = reads.nextRunAtMs(now()) ?? Number.POSITIVE_INFINITY;
    timer = setTimeout(wake, Math.min(LOOK_EVERY_MS, Math.max(1, nextMs - now()))).unref();
  }

  function changed(): void {
    const notified = waiters;
    waiters = [];
    for (const resolve of notified) resolve();
  }

  async function idle(): Promise<void> {
    while (!stopping && (held.size > 0 || looking || reads.hasWork(now(), tasks))) {
      if (held.size === 0 && !looking) wake();
      await new Promise<void>((resolve) => waiters.push(resolve));
    }
  }

  async function stop(graceMs: number): Promise<void> {
    stopping = true;
    clearTimeout(timer);
    pool.pause();
    await looking;
    pool.clear();
    await giveBackUnstarted();
    const grace = setTimeout(() => {
      for (const { controller } of held) controller.abort();
    }, graceMs);
    await pool.onIdle();
    clearTimeout(grace);
    clearInterval(heartbeat);
    changed();
  }

  async function giveBackUnstarted(): Promise<void> {
    const unstarted = [...held].filter(({ started }) => !started);
    for (const each of unstarted) held.delete(each);
    if (unstarted.length === 0) return;
    await writer
      .write(() => {
        for (const { job } of unstarted) release(job);
      })
      .catch((error) => log.warn('jobs taken but not begun come back after their lease', { error: textOf(error) }));
  }

  wake();
  return { wake, idle, stop };
}

/** Errors of ours are safe to keep; of others name and message, cut short. */
function textOf(error: unknown): string {
  if (error instanceof HubError) return `${error.code}: ${error.what} ${error.why}`.slice(0, MAX_ERROR_CHARS);
  return String(error).slice(0, MAX_ERROR_CHARS);
}
