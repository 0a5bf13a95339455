import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from './log.ts';
import { createPruner } from './pruner.ts';
import { Retention } from './retention-config.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Leases as a store keeps them, shared by the processes of a test. */
function sharedLeases() {
  const leases = new Map<string, { owner: string; untilMs: number }>();
  return async (name: string, owner: string, untilMs: number, nowMs: number) => {
    const held = leases.get(name);
    if (held !== undefined && held.owner !== owner && held.untilMs > nowMs) return false;
    leases.set(name, { owner, untilMs });
    return true;
  };
}

function process(name: string, acquireLease: ReturnType<typeof sharedLeases>, told: string[], everyMinutes = 60) {
  let drawn = 0;
  const parts = {
    store: { acquireLease },
    clock: { now: () => Date.now() },
    random: { uuid: () => `${name}-${drawn++}` },
    log: silentLog,
    config: { retention: Retention.parse({ everyMinutes }) },
  } as unknown as Parameters<typeof createPruner>[0];
  return createPruner(parts, {
    async prune({ withBlobs }) {
      told.push(`${Math.floor(Date.now() / HOUR_MS)} h${withBlobs ? ' with blobs' : ''}`);
      return { dryRun: false, stopped: false, pruned: [] };
    },
  });
}

describe('the pruner', () => {
  it('looks once an hour whatever the number of processes, and at blobs once a day', async () => {
    const told: string[] = [];
    const leases = sharedLeases();
    const all = ['a', 'b', 'c'].map((name) => process(name, leases, told));
    for (const each of all) each.start();
    await vi.advanceTimersByTimeAsync(26 * HOUR_MS);
    for (const each of all) await each.stop();
    const hours = Array.from({ length: 26 }, (_, hour) => `${hour} h${hour % 24 === 0 ? ' with blobs' : ''}`);
    expect(told).toEqual(hours);
  });

  it('looks no more once it is stopped, and keeps its time over a restart', async () => {
    const told: string[] = [];
    const leases = sharedLeases();
    const first = process('a', leases, told);
    first.start();
    await vi.advanceTimersByTimeAsync(HOUR_MS / 2);
    await first.stop();
    const second = process('b', leases, told);
    second.start();
    await vi.advanceTimersByTimeAsync(HOUR_MS / 3);
    expect(told).toEqual(['0 h with blobs']);
    await second.stop();
    await vi.advanceTimersByTimeAsync(5 * HOUR_MS);
    expect(told).toEqual(['0 h with blobs']);
  });
});
