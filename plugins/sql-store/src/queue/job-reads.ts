/** Looking at the queue without a lock. */
import type { DeadJob, JobQueue, TaskCounts } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';
import { dueJobs, eachPriority } from './due-jobs.ts';
import { JOB_COLUMNS, jobOf } from './job-rows.ts';

export interface JobReads {
  /** Whether a process that knows these tasks (a JSON list) would find something to do. */
  hasWork(nowMs: number, tasks: string): boolean;
  /** The next time at which a delayed job is due; null when there is none. */
  nextRunAtMs(nowMs: number): number | null;
  counts(nowMs: number): Awaited<ReturnType<JobQueue['counts']>>;
  countsByTask(nowMs: number): TaskCounts[];
  dead(limit: number): DeadJob[];
}

export function createJobReads(prepare: Prepare): JobReads {
  const due = dueJobs(prepare);
  const priorities = eachPriority(prepare);
  const read = readStatements(prepare);
  return {
    hasWork(nowMs, tasks) {
      if (read.expired.get({ nowMs })) return true;
      return priorities().some((priority) => due.get({ priority, nowMs, tasks, limit: 1 }) !== undefined);
    },
    nextRunAtMs(nowMs) {
      const times = priorities().map((priority) => read.later.get({ priority, nowMs })?.runAtMs);
      const known = times.filter((time): time is number => typeof time === 'number');
      return known.length === 0 ? null : Math.min(...known);
    },
    counts(nowMs) {
      const rows = (state: 'running' | 'dead') => read.inState[state].get({})!.rows;
      const pending = read.pending.get({})!.rows;
      const ready = read.due.get({ nowMs })!.rows;
      return { ready, delayed: pending - ready, running: rows('running'), dead: rows('dead') };
    },
    countsByTask(nowMs) {
      return read.byTask.all({ nowMs });
    },
    dead(limit) {
      return read.dead.all({ limit }).map(({ lastError, diedAtMs, ...row }) => ({
        ...jobOf(row),
        lastError: lastError ?? '',
        diedAtMs: diedAtMs ?? 0,
      }));
    },
  };
}

function readStatements(prepare: Prepare) {
  const count = (state: string) =>
    prepare((db) =>
      db
        .selectFrom('job')
        .select((q) => q.fn.countAll<number>().as('rows'))
        .where('state', '=', sql.lit(state)),
    );
  return {
    expired: prepare((db, p: Params<{ nowMs: number }>) =>
      db
        .selectFrom('job')
        .select('id')
        .where('state', '=', sql.lit('running'))
        .where('lease_until_ms', '<=', p.nowMs)
        .limit(1),
    ),
    later: prepare((db, p: Params<{ priority: number; nowMs: number }>) =>
      db
        .selectFrom('job')
        .select((q) => q.fn.min('run_at_ms').as('runAtMs'))
        .where('state', '=', sql.lit('ready'))
        .where('priority', '=', p.priority)
        .where('run_at_ms', '>', p.nowMs),
    ),
    due: prepare((db, p: Params<{ nowMs: number }>) =>
      db
        .selectFrom('job')
        .select((q) => q.fn.countAll<number>().as('rows'))
        .where('state', '=', sql.lit('ready'))
        .where('run_at_ms', '<=', p.nowMs),
    ),
    /** Reads the whole table: it holds what is to be done and what died, and nothing that is done. */
    byTask: prepare((db, p: Params<{ nowMs: number }>) =>
      db
        .selectFrom('job')
        .select(['task'])
        .select([
          sql<number>`sum(state = 'ready' and run_at_ms <= ${p.nowMs})`.as('ready'),
          sql<number>`sum(state = 'ready' and run_at_ms > ${p.nowMs})`.as('delayed'),
          sql<number>`sum(state = 'running')`.as('running'),
          sql<number>`sum(state = 'dead')`.as('dead'),
        ])
        .groupBy('task')
        .orderBy('task'),
    ),
    pending: count('ready'),
    inState: { running: count('running'), dead: count('dead') },
    /** Newest first. */
    dead: prepare((db, p: Params<{ limit: number }>) =>
      db
        .selectFrom('job')
        .select([...JOB_COLUMNS, 'last_error as lastError', 'died_at_ms as diedAtMs'])
        .where('state', '=', sql.lit('dead'))
        .orderBy('died_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(p.limit),
    ),
  };
}
