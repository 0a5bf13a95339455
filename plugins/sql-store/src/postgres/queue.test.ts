/** Several workers on one PostgreSQL database. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { newDatabase, serverUrl } from './own-databases.test-support.ts';

const WORKERS = 3;
const LANES = 5;
const JOBS = 150;

const server = await serverUrl();
if (server === null) console.warn('skipped: workers that share a PostgreSQL database; there is none here.');

describe.skipIf(server === null)('workers that take from the same few lanes', () => {
  it('never run two jobs of one at a time, and come to an end', { timeout: 60_000 }, async () => {
    const { url, drop } = await newDatabase(server!);
    onTestFinished(drop);
    const opened = await Promise.all(
      Array.from({ length: WORKERS }, () => plugin.open(optionsFor(url, { now: Date.now, random: Math.random }))),
    );
    onTestFinished(async () => {
      await Promise.all(opened.map((each) => each.close()));
    });
    const [{ store, queue }] = opened as [(typeof opened)[number]];
    await store.migrate();
    await queue.enqueue(
      Array.from({ length: JOBS }, (_, at) => ({ task: 'work', payload: at, lane: `lane ${at % LANES}` })),
    );
    const running = new Map<string, number>();
    const ran: unknown[] = [];
    let overlaps = 0;
    for (const each of opened) {
      each.queue.start({
        work: async ({ payload, lane }) => {
          const beside = running.get(lane!) ?? 0;
          if (beside > 0) overlaps += 1;
          running.set(lane!, beside + 1);
          await new Promise((resolve) => setTimeout(resolve, 1));
          running.set(lane!, (running.get(lane!) ?? 1) - 1);
          ran.push(payload);
          return undefined;
        },
      });
    }
    await Promise.all(opened.map((each) => each.queue.idle()));
    expect(ran).toHaveLength(JOBS);
    expect(new Set(ran).size).toBe(JOBS);
    expect(overlaps).toBe(0);
  });
});
