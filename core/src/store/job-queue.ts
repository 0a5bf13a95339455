import type { Json } from '../wire/json.ts';

/** Work to do after the commit it was written in. */
export interface NewJob {
  /** Name of the handler. */
  task: string;
  payload: Json;
  /**
   * At most one pending job per key: adding a second keeps the earlier `runAtMs` and takes the newer payload. A running
   * one does not count. Null: no coalescing.
   */
  key?: string | null;
  /** Jobs of one lane run one at a time, as best effort. Correctness never rests on it. */
  lane?: string | null;
  /** Epoch ms; default now. */
  runAtMs?: number;
  /** Smaller runs first. Live traffic 0, history 10. */
  priority?: number;
  maxAttempts?: number;
}

export interface Job {
  id: number;
  task: string;
  payload: Json;
  key: string | null;
  lane: string | null;
  attempts: number;
  maxAttempts: number;
}

export interface DeadJob extends Job {
  lastError: string;
  diedAtMs: number;
}

/** What a handler may answer besides returning: come back at a time, without counting an attempt. */
export interface JobPostponed {
  postponeUntilMs: number;
}

export interface TaskCounts {
  task: string;
  ready: number;
  delayed: number;
  running: number;
  dead: number;
}

export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobPostponed | undefined>;

/**
 * Durable work. Jobs may run more than once and in any order; handlers must not mind.
 *
 * A failed attempt comes back after 2^(attempts−1) s with jitter; after `maxAttempts` the job is dead and listed.
 */
export interface JobQueue {
  enqueue(jobs: NewJob[]): Promise<void>;
  /** Starts working; resolves at once. */
  start(handlers: { [task: string]: JobHandler }, options?: { concurrency?: number }): void;
  /** Ends taking jobs and waits for the running ones (their signal is aborted after `graceMs`). */
  stop(graceMs?: number): Promise<void>;
  /** Looks for work now; resolves when nothing is due or running. For tests, the demo and `import`. */
  idle(): Promise<void>;
  counts(): Promise<{ ready: number; delayed: number; running: number; dead: number }>;
  /** The same by task, for tasks that have jobs. */
  countsByTask(): Promise<TaskCounts[]>;
  dead(limit: number): Promise<DeadJob[]>;
  /** Puts a dead job back. */
  revive(id: number): Promise<boolean>;
}
