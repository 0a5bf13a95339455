/** Looking at the queue without a lock. */
import type { DeadJob, JobQueue, TaskCounts } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { dueJobs, eachPriority } from './due-jobs.ts';
import { JOB_COLUMNS, jobOf } from './job-rows.ts';

export interface JobReads {
  /** Whether a process that knows these tasks (a JSON list) would find something to do. */
  hasWork(nowMs: number, tasks: string): Flow<boolean>;
  /** The next time at which a delayed job is due; null when there is none. */
  nextRunAtMs(nowMs: number): Flow<number | null>;
  counts(nowMs: number): Flow<Awaited<ReturnType<JobQueue['counts']>>>;
  countsByTask(nowMs: number): Flow<TaskCounts[]>;
  dead(limit: number): Flow<DeadJob[]>;
}

export function createJobReads(prepare: Prepare): JobReads {
  const due = dueJobs(prepare, 'to look');
  const priorities = eachPriority(prepare);
  const read = readStatements(prepare);
  return {
    *hasWork(nowMs, tasks) {
      if (yield* read.expired.get({ nowMs })) return true;
      for (const priority of yield* priorities()) {
        if (yield* due.get({ priority, nowMs, tasks, limit: 1 })) return true;
      }
      return false;
    },
    *nextRunAtMs(nowMs) {
      const known: number[] = [];
      for (const priority of yield* priorities()) {
        const time = (yield* read.later.get({ priority, nowMs }))?.runAtMs;
        if (typeof time === 'number') known.push(time);
      }
      return known.length === 0 ? null : Math.min(...known);
    },
    *counts(nowMs) {
      const pending = (yield* read.pending.get({}))!.rows;
      const ready = (yield* read.due.get({ nowMs }))!.rows;
      const running = (yield* read.running.get({}))!.rows;
      const dead = (yield* read.died.get({}))!.rows;
      return { ready, delayed: pending - ready, running, dead };
    },
    countsByTask(nowMs) {
      return read.byTask.all({ nowMs });
    },
    *dead(limit) {
      return (yield* read.dead.all({ limit })).map(({ lastError, diedAtMs, ...row }) => ({
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
          sql<number>`count(*) filter (where state = 'ready' and run_at_ms <= ${p.nowMs})`.as('ready'),
          sql<number>`count(*) filter (where state = 'ready' and run_at_ms > ${p.nowMs})`.as('delayed'),
          sql<number>`count(*) filter (where state = 'running')`.as('running'),
          sql<number>`count(*) filter (where state = 'dead')`.as('dead'),
        ])
        .groupBy('task')
        .orderBy('task'),
    ),
    pending: count('ready'),
    running: count('running'),
    died: count('dead'),
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
