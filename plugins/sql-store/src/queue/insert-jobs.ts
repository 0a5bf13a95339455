import type { NewJob } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Effects } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';

const DEFAULT_PRIORITY = 0;
const DEFAULT_MAX_ATTEMPTS = 8;

/** Adds jobs inside the caller's transaction; the queue is woken after its commit. */
export type JobInserter = (jobs: readonly NewJob[], effects: Effects) => Flow<void>;

type NewJobColumns = {
  task: string;
  payload: string;
  key: string | null;
  lane: string | null;
  priority: number;
  runAtMs: number;
  maxAttempts: number;
};

/**
 * A job whose key is pending already is not added: the pending one takes the newer payload, the earlier time and the
 * smaller priority, and starts its attempts anew. A running one with the key does not count, since it may have read
 * what it works on before the change that asks for it again.
 */
export function jobInserter(prepare: Prepare, now: () => number): JobInserter {
  const insert = prepare((db, p: Params<NewJobColumns>, { least }) =>
    db
      .insertInto('job')
      .values({
        task: p.task,
        payload: p.payload,
        key: p.key,
        lane: p.lane,
        state: 'ready',
        priority: p.priority,
        run_at_ms: p.runAtMs,
        attempts: 0,
        max_attempts: p.maxAttempts,
        claims: 0,
      })
      .onConflict((on) =>
        on
          .column('key')
          .where('state', '=', sql.lit('ready'))
          .doUpdateSet((q) => ({
            payload: q.ref('excluded.payload'),
            run_at_ms: least('job.run_at_ms', 'excluded.run_at_ms'),
            priority: least('job.priority', 'excluded.priority'),
            max_attempts: q.ref('excluded.max_attempts'),
            attempts: 0,
          })),
      ),
  );
  return function* insertJobs(jobs, effects) {
    for (const job of jobs) {
      yield* insert.run({
        task: job.task,
        payload: JSON.stringify(job.payload),
        key: job.key ?? null,
        lane: job.lane ?? null,
        priority: job.priority ?? DEFAULT_PRIORITY,
        runAtMs: job.runAtMs ?? now(),
        maxAttempts: job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      });
      effects.jobs = true;
    }
  };
}
