import { sql } from 'kysely';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare, Statement } from '../database/statement.ts';
import { JOB_COLUMNS, type JobRow } from './job-rows.ts';

/** `tasks` is a JSON list: what this process cannot do stays for another. */
export type DueArgs = { priority: number; nowMs: number; tasks: string; limit: number };

/**
 * Jobs that may start now, those of a lane at work left out, the longest due first.
 *
 * One priority at a time, so that the index gives the order and neither a backlog nor jobs for later are sorted.
 */
export function dueJobs(prepare: Prepare, use: 'to look' | 'to take'): Statement<DueArgs, JobRow> {
  return prepare((db, p: Params<DueArgs>, { eachText, lockFreeRows }) =>
    db
      .selectFrom('job')
      .select(JOB_COLUMNS)
      .where('state', '=', sql.lit('ready'))
      .where('priority', '=', p.priority)
      .where('run_at_ms', '<=', p.nowMs)
      .where((q) =>
        q.or([
          q('lane', 'is', null),
          q(
            'lane',
            'not in',
            q
              .selectFrom('job as busy')
              .select('busy.lane')
              .where('busy.state', '=', sql.lit('running'))
              .where('busy.lane', 'is not', null),
          ),
        ]),
      )
      .where('task', 'in', eachText(p.tasks))
      .orderBy('run_at_ms')
      .orderBy('id')
      .limit(p.limit)
      .$if(use === 'to take', (q) => q.modifyEnd(lockFreeRows)),
  );
}

/** Less than any priority: those are whole numbers of 32 bits. */
const BEFORE_ALL = -(2 ** 31);

/** The priorities of pending jobs, smallest first. There are a handful, each found by one step in the index. */
export function eachPriority(prepare: Prepare): () => Flow<number[]> {
  const next = prepare((db, p: Params<{ after: number }>) =>
    db
      .selectFrom('job')
      .select((q) => q.fn.min('priority').as('priority'))
      .where('state', '=', sql.lit('ready'))
      .where('priority', '>', p.after),
  );
  return function* priorities() {
    const found: number[] = [];
    let after = BEFORE_ALL;
    for (;;) {
      const priority = (yield* next.get({ after }))?.priority;
      if (typeof priority !== 'number') return found;
      found.push(priority);
      after = priority;
    }
  };
}
