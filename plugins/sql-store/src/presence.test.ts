import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildForChild } from './child-build.test-support.ts';
import { plugin } from './index.ts';
import { kindsHere } from './new-place.test-support.ts';
import { rowsOf } from './postgres/own-databases.test-support.ts';
import { enterFolder } from './sqlite/presence.ts';
import { optionsFor, temporaryFolder } from './temporary-folder.test-support.ts';

/** Takes a job and begins a file, and ends neither. */
const BUSY = `
  import { silentLog } from '@coach-hub/core';
  import { plugin } from '@coach-hub/plugin-sql-store';
  const [url, nowMs] = process.argv.slice(2);
  const { store, queue, blobs } = await plugin.open({ url, now: () => Number(nowMs), random: () => 0.5, log: silentLog });
  await store.migrate();
  await queue.enqueue([{ task: 'work', payload: 'interrupted', lane: 'one' }]);
  const begun = new Promise((resolve) => queue.start({ work: () => { resolve(); return new Promise(() => {}); } }));
  const endless = (async function* () {
    yield new Uint8Array(100_000);
    await begun;
    console.log('busy');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  })();
  await blobs.putStream('ath_1', endless, 1_000_000);
`;

const NOW_MS = Date.UTC(2026, 2, 1);

async function startBusy(folder: string): Promise<ChildProcess> {
  const program = await buildForChild({ text: BUSY });
  const child = spawn(process.execPath, [program, folder, String(NOW_MS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGKILL');
  });
}

/** What a process finds that starts now, by a clock by which no lease has ended. */
async function startHere(url: string): Promise<unknown[]> {
  const { queue, close } = await plugin.open(optionsFor(url, { now: () => NOW_MS }));
  onTestFinished(close);
  const ran: unknown[] = [];
  queue.start({ work: async ({ payload }) => void ran.push(payload) });
  await queue.idle();
  return ran;
}

describe.each(await kindsHere())('what a killed process had begun on $name', ({ newPlace }) => {
  const place = async () => {
    const { url, remove } = await newPlace();
    onTestFinished(remove);
    return url;
  };

  it('is done again and cleared away at the next start, without waiting for a lease', async () => {
    const url = await place();
    await killed(await startBusy(url));
    await untilLeft(url);
    expect(await draftsIn(url)).toBe(1);
    expect(await startHere(url)).toEqual(['interrupted']);
    expect(await draftsIn(url)).toBe(0);
  });

  it('is left to a process that lives', async () => {
    const url = await place();
    const child = await startBusy(url);
    expect(await startHere(url)).toEqual([]);
    expect(await draftsIn(url)).toBe(1);
    await killed(child);
  });
});

async function draftsIn(url: string): Promise<number> {
  if (!url.startsWith('postgres:')) return readdirSync(join(url, 'blobs', 'tmp')).length;
  return (await rowsOf<{ n: number }>(url, 'select count(*)::int as n from blob_draft'))[0]!.n;
}

/** PostgreSQL notices a moment later that a process is gone; a file's lock goes with it. */
async function untilLeft(url: string): Promise<void> {
  if (!url.startsWith('postgres:')) return;
  const others =
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name <> $$$$';
  while ((await rowsOf(url, others)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('who enters a folder', () => {
  it('is alone when everybody else has left, and keeps others out only until it has settled', () => {
    const path = join(temporaryFolder(), 'coach.lock');
    const first = enterFolder(path);
    first.settle();
    const second = enterFolder(path);
    second.settle();
    first.leave();
    const third = enterFolder(path);
    third.settle();
    expect([first.isAlone, second.isAlone, third.isAlone]).toEqual([true, false, false]);
    second.leave();
    third.leave();
    const fourth = enterFolder(path);
    onTestFinished(() => fourth.leave());
    expect([fourth.isAlone, existsSync(path)]).toEqual([true, true]);
  });
});

describe('a process that comes while another is clearing up', () => {
  it('is not alone, and comes in when the other is done', () => {
    const path = join(temporaryFolder(), 'coach.lock');
    const first = enterFolder(path);
    const second = enterFolder(path);
    expect([first.isAlone, second.isAlone]).toEqual([true, false]);
    first.settle();
    second.settle();
    second.leave();
    first.leave();
  });
});
