/** Taking jobs and settling them, each inside a transaction of the writer. */
import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';
import { dueJobs, eachPriority } from './due-jobs.ts';
import { JOB_COLUMNS, type JobRow } from './job-rows.ts';

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
  take(request: TakeRequest): JobRow[];
  /** Puts back jobs whose lease ends by then, at once. */
  reclaim(leaseUntilMs: number, nowMs: number): void;
  renew(job: JobRow, leaseUntilMs: number): void;
  done(job: JobRow): void;
  putBack(job: JobRow, back: Return): void;
  die(job: JobRow, lastError: string, nowMs: number): void;
  revive(id: number, nowMs: number): boolean;
}

export const LEASE_LOST =
  'lease_expired: The process that worked on it ended, or stood still for longer than its lease.';

export function createJobWrites(prepare: Prepare): JobWrites {
  const due = dueJobs(prepare);
  const priorities = eachPriority(prepare);
  const save = jobStatements(prepare);

  function take(request: TakeRequest): JobRow[] {
    reclaim(request.nowMs, request.nowMs);
    const taken: JobRow[] = [];
    for (const priority of priorities()) {
      while (taken.length < request.limit && takeSome(request, priority, taken)) {}
    }
    return taken;
  }

  /** Takes the first due ones of a priority; true when jobs of a lane were passed over and it is worth to look again. */
  function takeSome({ nowMs, tasks, limit, leaseUntilMs }: TakeRequest, priority: number, taken: JobRow[]): boolean {
    const lanes = new Set<string>();
    let passed = false;
    for (const job of due.all({ priority, nowMs, tasks, limit: limit - taken.length })) {
      if (job.lane !== null && lanes.has(job.lane)) {
        passed = true;
        continue;
      }
      if (job.lane !== null) lanes.add(job.lane);
      save.take.run({ id: job.id, leaseUntilMs });
      taken.push({ ...job, attempts: job.attempts + 1, claims: job.claims + 1 });
    }
    return passed;
  }

  /** An attempt that was cut off counts: a job that kills its process must not do so for ever. */
  function reclaim(leaseUntilMs: number, nowMs: number): void {
    for (const job of save.expired.all({ leaseUntilMs })) {
      if (job.attempts >= job.maxAttempts) die(job, LEASE_LOST, nowMs);
      else putBack(job, { runAtMs: nowMs, attempts: job.attempts, lastError: LEASE_LOST });
    }
  }

  /** Where another job with its key has come to wait meanwhile, that one does the work. */
  function putBack({ id, claims, key }: JobRow, back: Return): void {
    if (key !== null && save.pending.get({ key })) save.done.run({ id, claims });
    else save.putBack.run({ id, claims, ...back });
  }

  function die({ id, claims }: JobRow, lastError: string, nowMs: number): void {
    save.die.run({ id, claims, lastError, nowMs });
  }

  function revive(id: number, nowMs: number): boolean {
    const job = save.dead.get({ id });
    if (!job) return false;
    if (job.key !== null && save.pending.get({ key: job.key })) save.removeDead.run({ id });
    else save.revive.run({ id, nowMs });
    return true;
  }

  return {
    take,
    reclaim,
    putBack,
    die,
    revive,
    renew({ id, claims }, leaseUntilMs) {
      save.renew.run({ id, claims, leaseUntilMs });
    },
    done({ id, claims }) {
      save.done.run({ id, claims });
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
