/**
 * Works through the queue between `start` and `stop`.
 *
 * It holds twice as many jobs as run at once, so that the next is there when one ends. Each job that ends, each commit
 * that added jobs and a timer make it look again; nothing else does. Its timers keep no process alive.
 */
import type { JobHandler, Log } from '@coach-hub/core';
import PQueue from 'p-queue';
import type { Database } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { JobReads } from './job-reads.ts';
import { type JobRow, jobOf } from './job-rows.ts';
import type { JobWrites } from './job-writes.ts';
import { type Outcome, type Settlement, settlementOf, textOf } from './settlement.ts';

/** A crashed process's jobs come back after this at the latest; the next process that is alone takes them at once. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = LEASE_MS / 3;
/** Jobs that another process added are found after this at the latest. */
export const LOOK_EVERY_MS = 1_000;

export interface WorkerDeps {
  database: Database;
  reads: JobReads;
  writes: JobWrites;
  now: () => number;
  random: () => number;
  log: Log;
  /** When the database was found to be open nowhere else: jobs taken before belong to processes that are gone. */
  aloneAtMs: number | null;
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

export function startWorker(
  { database, reads, writes, now, random, log, aloneAtMs }: WorkerDeps,
  handlers: { [task: string]: JobHandler },
  concurrency: number,
): Worker {
  const pool = new PQueue({ concurrency });
  const held = new Set<Held>();
  const tasks = JSON.stringify(Object.keys(handlers));
  let stopping = false;
  let hasTakenOver = aloneAtMs === null;
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
    if (!hasTakenOver) await takeOver(aloneAtMs ?? 0);
    while (lookAgain && !stopping) {
      lookAgain = false;
      const room = 2 * concurrency - held.size;
      if (room <= 0 || !(await hasWork())) return;
      const taken = await database.write(() => take(room));
      await begin(taken);
      if (taken.length === room) lookAgain = true;
    }
  }

  /** Who was killed does not keep its lanes waiting for the end of its leases. */
  async function takeOver(aloneAtMs: number): Promise<void> {
    await database.write(() => writes.reclaim(aloneAtMs + LEASE_MS, now()));
    hasTakenOver = true;
  }

  function hasWork(): Promise<boolean> {
    return database.read(reads.hasWork(now(), tasks));
  }

  /** In a transaction. */
  function take(limit: number): Flow<JobRow[]> {
    return writes.take({ nowMs: now(), tasks, limit, leaseUntilMs: now() + LEASE_MS });
  }

  async function begin(taken: JobRow[]): Promise<void> {
    if (stopping) return giveBack(taken);
    for (const job of taken) {
      const each: Held = { job, controller: new AbortController(), started: false };
      held.add(each);
      void pool.add(() => work(each), { priority: -job.priority });
    }
  }

  async function work(each: Held): Promise<void> {
    each.started = true;
    const settlement = settlementOf(each.job, await run(each), now(), random);
    if (settlement.do === 'die') {
      const { id, task, attempts } = each.job;
      log.error('job is dead', { jobId: id, task, attempts, error: settlement.lastError });
    }
    const taken = await settleAndTake(each.job, settlement);
    held.delete(each);
    await begin(taken);
    changed();
    if (taken.length === 0) arm();
  }

  /** The next job is taken in the commit that ends one: jobs of one lane need half as many commits. */
  async function settleAndTake(job: JobRow, settlement: Settlement): Promise<JobRow[]> {
    try {
      return await database.write(function* () {
        yield* settle(job, settlement);
        const room = 2 * concurrency - held.size + 1;
        return stopping || room <= 0 ? [] : yield* take(room);
      });
    } catch (error) {
      log.warn('job could not be settled and comes back after its lease', { jobId: job.id, error: textOf(error) });
      return [];
    }
  }

  function settle(job: JobRow, settlement: Settlement): Flow<void> {
    if (settlement.do === 'remove') return writes.done(job);
    if (settlement.do === 'die') return writes.die(job, settlement.lastError, now());
    return writes.putBack(job, settlement);
  }

  async function run({ job, controller }: Held): Promise<Outcome> {
    try {
      const answer = await handlers[job.task]!(jobOf(job), controller.signal);
      return answer ? { is: 'postponed', untilMs: answer.postponeUntilMs } : { is: 'done' };
    } catch (error) {
      return controller.signal.aborted ? { is: 'stopped' } : { is: 'failed', error };
    }
  }

  function renewAll(): void {
    if (held.size === 0) return;
    const leaseUntilMs = now() + LEASE_MS;
    database
      .write(function* () {
        for (const { job } of [...held]) yield* writes.renew(job, leaseUntilMs);
      })
      .catch((error) => log.warn('leases of running jobs could not be renewed', { error: textOf(error) }));
  }

  function arm(): void {
    clearTimeout(timer);
    if (stopping) return;
    timer = setTimeout(wake, LOOK_EVERY_MS).unref();
    database.read(reads.nextRunAtMs(now())).then(
      (nextMs) => {
        if (nextMs === null || stopping) return;
        clearTimeout(timer);
        timer = setTimeout(wake, Math.min(LOOK_EVERY_MS, Math.max(1, nextMs - now()))).unref();
      },
      (error) => log.warn('queue could not look when the next job is due', { error: textOf(error) }),
    );
  }

  function changed(): void {
    const notified = waiters;
    waiters = [];
    for (const resolve of notified) resolve();
  }

  async function idle(): Promise<void> {
    const isBusy = () => held.size > 0 || looking !== null;
    while (!stopping) {
      if (!isBusy() && !(await hasWork()) && !isBusy()) return;
      if (!isBusy()) wake();
      await new Promise<void>((resolve) => waiters.push(resolve));
    }
  }

  async function stop(graceMs: number): Promise<void> {
    stopping = true;
    clearTimeout(timer);
    await looking;
    pool.clear();
    const unstarted = [...held].filter(({ started }) => !started);
    for (const each of unstarted) held.delete(each);
    await giveBack(unstarted.map(({ job }) => job));
    const grace = setTimeout(() => {
      for (const { controller } of held) controller.abort();
    }, graceMs);
    await pool.onIdle();
    clearTimeout(grace);
    clearInterval(heartbeat);
    changed();
  }

  /** As if they had never been taken. */
  async function giveBack(jobs: JobRow[]): Promise<void> {
    if (jobs.length === 0) return;
    await database
      .write(function* () {
        for (const job of jobs) yield* settle(job, settlementOf(job, { is: 'stopped' }, now(), random));
      })
      .catch((error) => log.warn('jobs taken but not begun come back after their lease', { error: textOf(error) }));
  }

  wake();
  return { wake, idle, stop };
}
