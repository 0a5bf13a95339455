/** One run of sync: push and pull in each round trip, until nothing waits here and the hub has no more. */
import {
  MAX_PULL_BYTES,
  MAX_PULL_OBJECTS,
  MAX_PUSH_MUTATIONS,
  type Mutation,
  type SyncRequest,
  type SyncResponse,
  type Window,
} from '@coach-hub/core/wire';
import type { LocalDatabase } from '../local/database.ts';
import type { DeadEntry } from '../local/dead-letters.ts';
import { giveLease, takeLease } from '../local/lease.ts';
import { loadMeta, type Meta } from '../local/meta.ts';
import { reportTimeZone } from '../local/time-zone.ts';
import type { Platform } from '../platform.ts';
import { applyAnswer, NOTHING } from './apply-answer.ts';
import type { RoundTrip } from './clock.ts';
import { type Answer, type Fetch, post } from './post.ts';
import { enterEpoch, fork, resendAfter, setAside } from './recover.ts';
import { judge, type Recovery, retryAt } from './refusal.ts';
import type { SyncReport } from './report.ts';
import { errorOf, type Failure } from './run-error.ts';
import { takeBatch } from './take-batch.ts';
import { utf8Length } from './utf8-length.ts';

export interface SyncDeps {
  local: LocalDatabase;
  platform: Platform;
  fetch: Fetch;
  baseUrl: string;
  getToken(options: { force: boolean }): Promise<string | null>;
  window?: Window;
  /** Which of this phone's processes it is; each syncs the file by itself, and only one at a time. */
  role: string;
}

/** How callers that come while a run is under way share it. */
export interface Joining {
  /** Somebody joined: the run makes one more round trip that begins after that. */
  again: boolean;
  /** Too late to join. */
  over: boolean;
}

/** Disagreements about seqs that one run tries to settle. More of them means that settling does not work. */
const MAX_RECOVERIES = 4;

const COUNTS = Object.keys(NOTHING) as (keyof typeof NOTHING)[];

type End = SyncReport['state'];

interface Run {
  report: SyncReport;
  signal: AbortSignal;
  token: string;
  refreshed: boolean;
  recoveries: number;
  /** Mutations the next batch may have: halved while looking for one the hub cannot read, doubled on success. */
  limit: number;
  /** What was alone in a refused batch. The next request goes without it, to see whether it was to blame. */
  suspects: DeadEntry[];
  pulledAll: boolean;
}

interface Sent {
  meta: Meta;
  batch: Mutation[];
}

export async function runSync(deps: SyncDeps, signal: AbortSignal, joining: Joining): Promise<SyncReport> {
  const run = newRun(signal);
  await reportTimeZone(deps.local, deps.platform);
  let end = await authorise(deps, run, false);
  while (end === null) {
    if (signal.aborted) {
      end = 'interrupted';
      break;
    }
    const again = joining.again;
    joining.again = false;
    const sent = await prepare(deps, run);
    if (sent === null) {
      end = 'elsewhere';
      break;
    }
    const done = run.pulledAll && sent.batch.length === 0 && !again && !joining.again;
    end = done ? 'idle' : await exchange(deps, run, sent);
  }
  joining.over = true;
  await deps.local.write((tx) => giveLease(tx.sql, deps.role)).catch(() => undefined);
  return { ...run.report, state: end };
}

function newRun(signal: AbortSignal): Run {
  return {
    report: { ...NOTHING, state: 'idle', bytesSent: 0, bytesReceived: 0, retryAt: null, error: null },
    signal,
    token: '',
    refreshed: false,
    recoveries: 0,
    limit: MAX_PUSH_MUTATIONS,
    suspects: [],
    pulledAll: false,
  };
}

/** A token source that fails says nothing about the athlete, so it counts as being offline. */
async function authorise(deps: SyncDeps, run: Run, force: boolean): Promise<End | null> {
  try {
    const token = await deps.getToken({ force });
    if (token === null) return stop(run, 'needs_auth', {});
    run.token = token;
    return null;
  } catch (cause) {
    return stop(run, 'offline', { cause });
  }
}

/** @returns null while another process syncs. */
async function prepare({ local, role, platform }: SyncDeps, run: Run): Promise<Sent | null> {
  return await local.write(async (tx) => {
    if (!(await takeLease(tx.sql, role, platform.now()))) return null;
    const meta = await loadMeta(tx.sql);
    return { meta, batch: run.suspects.length > 0 ? [] : await takeBatch(tx, meta, run.limit) };
  });
}

async function exchange(deps: SyncDeps, run: Run, sent: Sent): Promise<End | null> {
  const { platform, baseUrl } = deps;
  const sentMs = platform.now();
  const body = JSON.stringify(compose(sent, sentMs, deps.window));
  const to = { url: `${baseUrl}/v1/sync`, token: run.token, clientId: sent.meta.clientId, signal: run.signal };
  const answer = await post(deps.fetch, to, body);
  run.report.bytesSent += utf8Length(body);
  run.report.bytesReceived += answer.bytesReceived;
  if (answer.status !== 200) return await refuse(deps, run, sent, answer);
  return await accept(deps, run, sent, answer, { sentMs, receivedMs: platform.now() });
}

function compose({ meta, batch }: Sent, sentMs: number, window?: Window): SyncRequest {
  return {
    sentAt: new Date(sentMs).toISOString(),
    push: batch.length > 0 ? { epoch: meta.epoch, batch } : undefined,
    pull: { cursor: meta.cursor, window, limit: MAX_PULL_OBJECTS, maxBytes: MAX_PULL_BYTES },
  };
}

async function accept(deps: SyncDeps, run: Run, sent: Sent, answer: Answer, trip: RoundTrip): Promise<End | null> {
  const { report, suspects } = run;
  const applied = await deps.local.write(async (tx) => {
    if (suspects.length > 0) await setAside(tx, await loadMeta(tx.sql), suspects, trip.receivedMs);
    return await applyAnswer(tx, answer.body as SyncResponse, trip, deps.platform.randomUuid);
  });
  report.rejected += suspects.length;
  for (const count of COUNTS) report[count] += applied[count];

  // A hub that settles nothing, stands still, or forgets what it acknowledged is not asked for ever.
  const [first] = sent.batch;
  const settlesNothing = first !== undefined && !(answer.body.push && answer.body.push.ackSeq >= first.seq!);
  const standsStill = applied.hasMore && applied.cursor === sent.meta.cursor;
  const forgets = applied.resent && ++run.recoveries > MAX_RECOVERIES;
  if (settlesNothing || standsStill || forgets) return stop(run, 'hub_refused', answer);

  run.pulledAll = !applied.hasMore;
  run.suspects = [];
  run.limit = Math.min(MAX_PUSH_MUTATIONS, run.limit * 2);
  return null;
}

async function refuse(deps: SyncDeps, run: Run, { batch }: Sent, answer: Answer): Promise<End | null> {
  const verdict = judge(answer.status, answer.body.code);
  switch (verdict) {
    case 'split':
      return split(run, batch, answer);
    case 'fresh_token':
      if (run.refreshed) return stop(run, 'needs_auth', answer);
      run.refreshed = true;
      return await authorise(deps, run, true);
    case 'seq_gap':
    case 'client_forked':
    case 'epoch_mismatch':
      if (++run.recoveries > MAX_RECOVERIES) return stop(run, 'hub_refused', answer);
      await recover(deps, verdict, answer.body);
      run.pulledAll = false;
      return null;
    default:
      if (run.signal.aborted) return 'interrupted';
      run.report.retryAt = retryAt(answer.retryAfter, deps.platform.now());
      return stop(run, verdict, answer);
  }
}

/** Halves the batch; when one mutation is left, or one group of them, the next request goes without it. */
function split(run: Run, batch: readonly Mutation[], answer: Answer): End | null {
  const [first] = batch;
  if (!first) return stop(run, 'hub_refused', answer);
  const isGroup = first.tx !== undefined && batch.every(({ tx }) => tx === first.tx);
  if (batch.length > 1 && !isGroup) {
    run.limit = Math.ceil(batch.length / 2);
  } else {
    const code = answer.status === 413 ? 'too_large' : answer.body.code!;
    run.suspects = batch.map(({ mid }): DeadEntry => [mid, code, answer.body.detail ?? null]);
    run.pulledAll = false;
  }
  return null;
}

async function recover({ local, platform }: SyncDeps, code: Recovery, problem: Answer['body']): Promise<void> {
  await local.write(async (tx) => {
    const meta = await loadMeta(tx.sql);
    if (code === 'seq_gap') await resendAfter(tx, meta, (problem.expected ?? 1) - 1);
    else if (code === 'client_forked') await fork(tx, meta, platform.randomUuid());
    else await enterEpoch(tx, meta, problem.epoch ?? null, problem.ackSeq ?? 0);
  });
}

function stop(run: Run, end: Failure, answer: Partial<Answer>): End {
  run.report.error = errorOf(end, answer);
  return end;
}
