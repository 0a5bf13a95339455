/**
 * The one connection that a process keeps for itself: it shows that the process lives, and carries what processes tell
 * each other after their commits.
 *
 * What is told is a hint. Who misses one while the line is down is told everything anew when it is up again.
 */
import { failureText, type Log } from '@coach-hub/core';
import type pg from 'pg';
import type { Effects } from '../database/database.ts';
import { openClient } from './connect.ts';
import { HUB_LOCKS, PRESENCE_LOCK } from './locks.ts';

const CHANNEL = 'coach_hub';
/** Commits of so long are told together: NOTIFY takes a lock of the whole database. */
const GATHER_MS = 10;
/** PostgreSQL takes 8000 bytes. */
const MAX_PAYLOAD_CHARS = 7_000;
const LONGEST_RETRY_MS = 5_000;

export interface LineDeps {
  url: string;
  random: () => number;
  log: Log;
  /** What another process has committed. */
  onTold: (effects: Effects) => void;
  /** The line is up again: anything may have happened. */
  onUnknown: () => void;
}

export interface Line {
  /** True when no other process had the database open. None comes in before `settle`. */
  isAlone: boolean;
  settle(): Promise<void>;
  /** Tells the others, soon. */
  tell(effects: Effects): void;
  close(): Promise<void>;
}

interface Told {
  revs: [athleteId: string, rev: number][];
  jobs: boolean;
}

export async function openLine({ url, random, log, onTold, onUnknown }: LineDeps): Promise<Line> {
  const first = await openClient(url);
  let client: pg.Client | null = first;
  let isClosed = false;
  let waiting = new Map<string, number>();
  let hasJobs = false;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  const isAlone = await enter().catch(async (error) => {
    isClosed = true;
    await first.end();
    throw error;
  });

  async function enter(): Promise<boolean> {
    await watch(first);
    const isAlone = await lock(first, 'pg_try_advisory_lock');
    if (!isAlone) await lock(first, 'pg_advisory_lock_shared');
    await first.query(`listen ${CHANNEL}`);
    return isAlone;
  }

  async function watch(each: pg.Client): Promise<void> {
    each.on('error', (error) => log.warn('the line to the database was lost', { error: error.message }));
    each.on('end', () => {
      if (isClosed || client !== each) return;
      client = null;
      reconnectIn(random() * 250);
    });
    const own = (await each.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
    each.on('notification', ({ payload, processId }) => {
      if (processId !== own) hear(payload ?? '');
    });
  }

  function reconnectIn(ms: number): void {
    retry = setTimeout(() => void reconnect(ms), ms).unref();
  }

  async function reconnect(waitedMs: number): Promise<void> {
    let next: pg.Client | undefined;
    try {
      next = await openClient(url);
      await watch(next);
      await lock(next, 'pg_advisory_lock_shared');
      await next.query(`listen ${CHANNEL}`);
      if (isClosed) return await next.end();
      client = next;
      log.info('the line to the database is up again', {});
      onUnknown();
    } catch (error) {
      await next?.end().catch(() => undefined);
      if (isClosed) return;
      log.warn('the line to the database is still down', { error: failureText(error) });
      reconnectIn(Math.min(LONGEST_RETRY_MS, 2 * waitedMs + random() * 250));
    }
  }

  function hear(payload: string): void {
    try {
      const { revs, jobs } = JSON.parse(payload) as Told;
      onTold({ revs: new Map(revs), jobs, objects: 0 });
    } catch (error) {
      log.warn('what was told on the line could not be read', { error: failureText(error) });
    }
  }

  function tell({ revs, jobs }: Effects): void {
    if (revs.size === 0 && !jobs) return;
    for (const [athleteId, rev] of revs) waiting.set(athleteId, Math.max(rev, waiting.get(athleteId) ?? 0));
    hasJobs ||= jobs;
    timer ??= setTimeout(() => void flush(), GATHER_MS);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const revs = [...waiting];
    const jobs = hasJobs;
    waiting = new Map();
    hasJobs = false;
    if (client === null || (revs.length === 0 && !jobs)) return;
    try {
      for (const payload of payloads({ revs, jobs })) {
        await client.query('select pg_notify($1, $2)', [CHANNEL, payload]);
      }
    } catch (error) {
      // The others look by themselves within a second; phones ask when their screen is opened.
      log.warn('other processes could not be told of a commit', { error: failureText(error) });
    }
  }

  return {
    isAlone,
    async settle() {
      if (!isAlone || client === null) return;
      await lock(client, 'pg_advisory_lock_shared');
      await lock(client, 'pg_advisory_unlock');
    },
    tell,
    async close() {
      await flush();
      isClosed = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}

async function lock(
  client: pg.Client,
  how: 'pg_try_advisory_lock' | 'pg_advisory_lock_shared' | 'pg_advisory_unlock',
): Promise<boolean> {
  const { rows } = await client.query(`select ${how}($1, $2) as done`, [HUB_LOCKS, PRESENCE_LOCK]);
  return rows[0]?.done === true;
}

/** As few payloads as hold it all. */
function* payloads({ revs, jobs }: Told): Generator<string> {
  let part: Told['revs'] = [];
  let chars = 0;
  for (const each of revs) {
    const eachChars = JSON.stringify(each).length + 1;
    if (part.length > 0 && chars + eachChars > MAX_PAYLOAD_CHARS) {
      yield JSON.stringify({ revs: part, jobs });
      part = [];
      chars = 0;
    }
    part.push(each);
    chars += eachChars;
  }
  yield JSON.stringify({ revs: part, jobs });
}
