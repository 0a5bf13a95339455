import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { silentLog } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildForChild } from './child-build.test-support.ts';
import { plugin } from './index.ts';
import { kindsHere } from './new-place.test-support.ts';
import { optionsFor } from './temporary-folder.test-support.ts';

const KILLS = 10;
const LONGEST_RUN_MS = 150;

/** Lets the child write for some time after its first acknowledgement, kills it, and returns what it acknowledged. */
async function runAndKill(child: ChildProcess, afterMs: number): Promise<string[]> {
  let output = '';
  let errors = '';
  child.stderr!.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  child.stdout!.on('data', (chunk) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    output += chunk;
  });
  expect(await ended, errors).toBe('SIGKILL');
  // The last line may be cut.
  return output.split('\n').slice(0, -1);
}

describe.each(await kindsHere())('a process killed while it writes to $name', ({ newPlace }) => {
  it('has lost nothing that it acknowledged', { timeout: 120_000 }, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill.test: seed ${seed}`);
    const child = await buildForChild({ file: fileURLToPath(new URL('kill-child.test-support.ts', import.meta.url)) });
    const place = await newPlace();
    onTestFinished(() => place.remove());
    const deliveries = new Map<number, string>();
    const objects = new Map<string, { rev: number; count: number }>();

    for (let kill = 0; kill < KILLS; kill++) {
      const afterMs = (seed * (kill + 7) * 31) % LONGEST_RUN_MS;
      const lines = await runAndKill(spawn(process.execPath, [child, place.url, String(kill)]), afterMs);
      expect(lines.length, `seed ${seed}, kill ${kill}`).toBeGreaterThan(0);
      for (const line of lines) {
        const [what, number, name, count] = line.split(' ') as [string, string, string, string];
        if (what === 'delivery') deliveries.set(Number(number), name);
        else objects.set(name, { rev: Number(number), count: Number(count) });
      }
    }

    const { store, queue, close } = await plugin.open(optionsFor(place.url, { log: silentLog }));
    try {
      const stored = new Map((await store.nextDeliveries(1_000_000)).map((each) => [each.id, text(each.body)]));
      const lostDeliveries = [...deliveries].filter(([id, name]) => stored.get(id) !== name);
      expect(lostDeliveries, `seed ${seed}`).toEqual([]);

      const { rows, athlete } = await store.readDelta('ath_1', null, 0, 1_000_000);
      const read = new Map(rows.map((row) => [row.id, row]));
      const lostChanges = [...objects].filter(([id, { rev, count }]) => {
        const row = read.get(id);
        return !row || row.rev < rev || JSON.parse(row.data).count < count;
      });
      expect(lostChanges, `seed ${seed}`).toEqual([]);
      // A change and its rev are one: none was given out for something that is not there.
      expect(athlete.rev).toBe(rows.at(-1)?.rev);
      expect((await queue.counts()).dead).toBe(0);
    } finally {
      await close();
    }
  });
});

function text(bytes: Uint8Array | null): string {
  return new TextDecoder().decode(bytes ?? undefined);
}
