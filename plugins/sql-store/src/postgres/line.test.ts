/** What processes that share a PostgreSQL database tell each other. */
import type { StoreOptions } from '@coach-hub/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { plugin } from '../index.ts';
import { LOOK_EVERY_MS } from '../queue/worker.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { again, cutAll } from './cut.test-support.ts';
import { newDatabase, serverUrl } from './own-databases.test-support.ts';

const server = await serverUrl();
if (server === null) console.warn('skipped: what processes tell each other; there is no PostgreSQL here.');

async function hubs() {
  const { url, drop } = await newDatabase(server!);
  onTestFinished(drop);
  const open = async (over: Partial<StoreOptions> = {}) => {
    const opened = await plugin.open(optionsFor(url, { now: Date.now, ...over }));
    onTestFinished(() => opened.close());
    return opened;
  };
  const first = await open();
  await first.store.migrate();
  return { url, open, first };
}

/** A timer of so long never fires from now on. */
function neverAfter(silencedMs: number): void {
  const real = globalThis.setTimeout;
  const spy = vi
    .spyOn(globalThis, 'setTimeout')
    .mockImplementation(((work: () => void, ms?: number) =>
      real(work, ms === silencedMs ? 1e9 : ms)) as typeof setTimeout);
  onTestFinished(() => spy.mockRestore());
}

const nothing = { rev: 0, objects: [], aliases: [] };

function addAlias(athleteId: string, place: number) {
  return ({ athlete }: { athlete: { rev: number } }) => {
    const rev = athlete.rev + 1;
    const alias = { kind: 'activity' as const, oldId: `act_${athleteId}_${place}`, objectId: 'act_kept', rev };
    return { do: 'write' as const, write: { ...nothing, rev, aliases: [alias] }, result: rev };
  };
}

describe.skipIf(server === null)('a commit of one process', () => {
  it('is heard by the others with its newest rev, and once by its own', { timeout: 20_000 }, async () => {
    const { first, open } = await hubs();
    const second = await open();
    const heard: string[] = [];
    first.store.onCommit((athleteId, rev) => heard.push(`own ${athleteId} ${rev}`));
    second.store.onCommit((athleteId, rev) => heard.push(`other ${athleteId} ${rev}`));
    await first.store.ensureAthlete('ath_1');
    for (let at = 0; at < 3; at++) await first.store.withAthleteChange('ath_1', {}, addAlias('ath_1', at));
    await vi.waitFor(() => expect(heard.at(-1)).toBe('other ath_1 3'), { timeout: 10_000 });
    expect(heard.filter((line) => line.startsWith('own'))).toEqual(['own ath_1 1', 'own ath_1 2', 'own ath_1 3']);
  });

  it('is heard however many athletes it was about', { timeout: 30_000 }, async () => {
    const { first, open } = await hubs();
    const second = await open();
    const heard = new Set<string>();
    second.store.onCommit((athleteId) => heard.add(athleteId));
    const ids = Array.from({ length: 300 }, (_, at) => `ath_${'x'.repeat(90)}_${at}`);
    await Promise.all(
      ids.map(async (id) => {
        await first.store.ensureAthlete(id);
        await first.store.withAthleteChange(id, {}, addAlias('a', 0));
      }),
    );
    await vi.waitFor(() => expect(heard.size).toBe(ids.length), { timeout: 10_000 });
  });

  it('wakes a queue that has nothing to do and does not look by itself', { timeout: 20_000 }, async () => {
    neverAfter(LOOK_EVERY_MS);
    const { first, open } = await hubs();
    const second = await open();
    const ran: unknown[] = [];
    second.queue.start({ work: async ({ payload }) => void ran.push(payload) });
    await second.queue.idle();
    await first.queue.enqueue([{ task: 'work', payload: 'from elsewhere' }]);
    await vi.waitFor(() => expect(ran).toEqual(['from elsewhere']), { timeout: 10_000, interval: 5 });
  });
});

describe.skipIf(server === null)('a line that was cut', () => {
  it('comes up again, and what was committed meanwhile is told then', { timeout: 30_000 }, async () => {
    const { url, first, open } = await hubs();
    const warned: string[] = [];
    const log = { debug() {}, info() {}, warn: (message: string) => warned.push(message), error() {} };
    const second = await open({ log });
    await first.store.ensureAthlete('ath_1');
    const heard: number[] = [];
    second.store.onCommit((_athleteId, rev) => heard.push(rev));
    await cutAll(url);
    await again(() => first.store.withAthleteChange('ath_1', {}, addAlias('ath_1', 0)));
    await vi.waitFor(() => expect(heard).toContain(1), { timeout: 15_000 });
    expect(warned).toContain('the line to the database was lost');
  });
});
