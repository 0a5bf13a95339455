/** Taking jobs and settling them, each inside a transaction of the writer. */
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { dueJobs, eachPriority } from './due-jobs.ts';
import { JOB_COLUMNS, type JobRow } from './job-rows.ts';
import { laneTaker } from './take-lane.ts';

export interface TakeRequest {
  nowMs: number;
  /** JSON list of the tasks this process can do. */
  tasks: string;
  limit: number;
  leaseUntilMs: number;
}

/** How a job that is not done goes back to wait. */
export interface Return {
  runAtMs: number;
  attempts: number;
  lastError: string | null;
}

/** Settling a job that somebody else has taken since changes nothing. */
export interface JobWrites {
  /** Puts back what crashed processes had taken, then takes what is due, one per lane. */
  take(request: TakeRequest): Flow<JobRow[]>;
  /** Puts back jobs whose lease ends by then, at once. */
  reclaim(leaseUntilMs: number, nowMs: number): Flow<void>;
  renew(job: JobRow, leaseUntilMs: number): Flow<void>;
  done(job: JobRow): Flow<void>;
  putBack(job: JobRow, back: Return): Flow<void>;
  die(job: JobRow, lastError: string, nowMs: number): Flow<void>;
  revive(id: number, nowMs: number): Flow<boolean>;
}

export const LEASE_LOST =
  'lease_expired: The process that worked on it ended, or stood still for longer than its lease.';

export function createJobWrites(database: Pick<Database, 'dialect' | 'prepare'>): JobWrites {
  const { prepare } = database;
  const due = dueJobs(prepare, 'to take');
  const takeLane = laneTaker(database);
  const priorities = eachPriority(prepare);
  const save = jobStatements(prepare);

  function* take(request: TakeRequest): Flow<JobRow[]> {
    yield* reclaim(request.nowMs, request.nowMs);
    const taken: JobRow[] = [];
    for (const priority of yield* priorities()) {
      while (taken.length < request.limit && (yield* takeSome(request, priority, taken))) {}
    }
    return taken;
  }

  /** Takes the first due ones of a priority; true when jobs of a lane were passed over and it is worth to look again. */
  function* takeSome(
    { nowMs, tasks, limit, leaseUntilMs }: TakeRequest,
    priority: number,
    taken: JobRow[],
  ): Flow<boolean> {
    const lanes = new Map<string, boolean>();
    let passed = false;
    for (const job of yield* due.all({ priority, nowMs, tasks, limit: limit - taken.length })) {
      if (job.lane !== null) {
        const isOurs = lanes.get(job.lane);
        // Of a lane that somebody else is taking there is nothing to look for again: they would wait for us to end, too.
        if (isOurs) passed = true;
        if (isOurs !== undefined) continue;
        lanes.set(job.lane, yield* takeLane(job.lane));
        if (!lanes.get(job.lane)) continue;
      }
      yield* save.take.run({ id: job.id, leaseUntilMs });
      taken.push({ ...job, attempts: job.attempts + 1, claims: job.claims + 1 });
    }
    return passed;
  }

  /** An attempt that was cut off counts: a job that kills its process must not do so for ever. */
  function* reclaim(leaseUntilMs: number, nowMs: number): Flow<void> {
    for (const job of yield* save.expired.all({ leaseUntilMs })) {
      if (job.attempts >= job.maxAttempts) yield* die(job, LEASE_LOST, nowMs);
      else yield* putBack(job, { runAtMs: nowMs, attempts: job.attempts, lastError: LEASE_LOST });
    }
  }

  /** Where another job with its key has come to wait meanwhile, that one does the work. */
  function* putBack({ id, claims, key }: JobRow, back: Return): Flow<void> {
    if (key !== null && (yield* save.pending.get({ key }))) yield* save.done.run({ id, claims });
    else yield* save.putBack.run({ id, claims, ...back });
  }

  function* die({ id, claims }: JobRow, lastError: string, nowMs: number): Flow<void> {
    yield* save.die.run({ id, claims, lastError, nowMs });
  }

  function* revive(id: number, nowMs: number): Flow<boolean> {
    const job = yield* save.dead.get({ id });
    if (!job) return false;
    if (job.key !== null && (yield* save.pending.get({ key: job.key }))) yield* save.removeDead.run({ id });
    else yield* save.revive.run({ id, nowMs });
    return true;
  }

  return {
    take,
    reclaim,
    putBack,
    die,
    revive,
    *renew({ id, claims }, leaseUntilMs) {
      yield* save.renew.run({ id, claims, leaseUntilMs });
    },
    *done({ id, claims }) {
      yield* save.done.run({ id, claims });
    },
  };
}

function jobStatements(prepare: Prepare) {
  type Taken = { id: number; claims: number };
  const ready = sql.lit('ready');
  const running = sql.lit('running');
  const dead = sql.lit('dead');
  return {
    expired: prepare((db, p: Params<{ leaseUntilMs: number }>) =>
      db
        .selectFrom('job')
        .select(JOB_COLUMNS)
        .where('state', '=', running)
        .where('lease_until_ms', '<=', p.leaseUntilMs),
    ),
    pending: prepare((db, p: Params<{ key: string }>) =>
      db.selectFrom('job').select('id').where('key', '=', p.key).where('state', '=', ready),
    ),
    dead: prepare((db, p: Params<{ id: number }>) =>
      db.selectFrom('job').select('key').where('id', '=', p.id).where('state', '=', dead),
    ),
    take: prepare((db, p: Params<{ id: number; leaseUntilMs: number }>) =>
      db
        .updateTable('job')
        .set((q) => ({
          state: 'running',
          attempts: q('attempts', '+', 1),
          claims: q('claims', '+', 1),
          lease_until_ms: p.leaseUntilMs,
        }))
        .where('id', '=', p.id),
    ),
    renew: prepare((db, p: Params<Taken & { leaseUntilMs: number }>) =>
      db
        .updateTable('job')
        .set({ lease_until_ms: p.leaseUntilMs })
        .where('id', '=', p.id)
        .where('claims', '=', p.claims)
        .where('state', '=', running),
    ),
    done: prepare((db, p: Params<Taken>) =>
      db.deleteFrom('job').where('id', '=', p.id).where('claims', '=', p.claims).where('state', '=', running),
    ),
    putBack: prepare((db, p: Params<Taken & { runAtMs: number; attempts: number; lastError: string | null }>) =>
      db
        .updateTable('job')
        .set({
          state: 'ready',
          run_at_ms: p.runAtMs,
          attempts: p.attempts,
          last_error: p.lastError,
          lease_until_ms: null,
        })
        .where('id', '=', p.id)
        .where('claims', '=', p.claims)
        .where('state', '=', running),
    ),
    die: prepare((db, p: Params<Taken & { lastError: string; nowMs: number }>) =>
      db
        .updateTable('job')
        .set({ state: 'dead', last_error: p.lastError, died_at_ms: p.nowMs, lease_until_ms: null })
        .where('id', '=', p.id)
        .where('claims', '=', p.claims)
        .where('state', '=', running),
    ),
    revive: prepare((db, p: Params<{ id: number; nowMs: number }>) =>
      db
        .updateTable('job')
        .set({ state: 'ready', run_at_ms: p.nowMs, attempts: 0, died_at_ms: null })
        .where('id', '=', p.id)
        .where('state', '=', dead),
    ),
    removeDead: prepare((db, p: Params<{ id: number }>) =>
      db.deleteFrom('job').where('id', '=', p.id).where('state', '=', dead),
    ),
  };
}
