/** A pull reads what changed, whatever lies beside it: counted in rows, not in time. */
import type { ObjectWrite, SyncStore } from '@coach-hub/core';
import { emptyState } from '@coach-hub/core';
import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { kindsHere } from '../new-place.test-support.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';

const CHANGES = 10;
const BATCH = 500;
const restores: (() => void)[] = [];
afterEach(() => {
  for (const restore of restores.splice(0)) restore();
});

/** Counts the rows that the drivers hand out from now on. */
function countRows(): () => number {
  let rows = 0;
  const memory = new BetterSqlite3(':memory:');
  const prototype = Object.getPrototypeOf(memory.prepare('select 1'));
  memory.close();
  for (const method of ['get', 'all'] as const) {
    const real = prototype[method];
    prototype[method] = function counted(...args: unknown[]) {
      const found = real.apply(this, args);
      rows += Array.isArray(found) && method === 'all' ? found.length : found === undefined ? 0 : 1;
      return found;
    };
    restores.push(() => {
      prototype[method] = real;
    });
  }
  const client = pg.Client.prototype as unknown as { query(...args: unknown[]): Promise<{ rows: unknown[] }> };
  const real = client.query;
  client.query = async function counted(...args: unknown[]) {
    const result = await real.apply(this, args);
    rows += result.rows.length;
    return result;
  };
  restores.push(() => {
    client.query = real;
  });
  return () => rows;
}

function written(n: number, rev: number): ObjectWrite {
  const day = new Date(Date.UTC(1990, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
  const data = JSON.stringify({ sport: 'run', distanceM: 10_000 + n });
  const view = { day, startedAtMs: null, deleted: false, data, alt: null, state: emptyState() };
  return { kind: 'activity', id: `act_${n}`, rev, createdRev: rev, ...view };
}

async function fill(store: SyncStore, athleteId: string, objects: number): Promise<void> {
  await store.ensureAthlete(athleteId);
  for (let from = 0; from < objects; from += BATCH) {
    await store.withAthleteChange(athleteId, {}, ({ athlete }) => ({
      do: 'write',
      write: {
        rev: athlete.rev + BATCH,
        objects: Array.from({ length: BATCH }, (_, at) => written(from + at, athlete.rev + at + 1)),
        aliases: [],
      },
      result: null,
    }));
  }
}

describe.each(await kindsHere())('a pull on $name', ({ newPlace }) => {
  it('of ten changes reads ten rows and a few more, with 1,000 objects stored and with 20,000; of nothing new it is one', {
    timeout: 120_000,
  }, async () => {
    const place = await newPlace();
    onTestFinished(() => place.remove());
    const { store, close } = await place.open(optionsFor(place.url));
    onTestFinished(close);
    const read: { [athleteId: string]: { ten: number; none: number } } = {};
    for (const [athleteId, objects] of [['small', 1_000] as const, ['large', 20_000] as const]) {
      await fill(store, athleteId, objects);
      const rows = countRows();
      const delta = await store.readDelta(athleteId, null, objects - CHANGES, BATCH);
      expect(delta.rows).toHaveLength(CHANGES);
      const ten = rows();
      await store.readDelta(athleteId, null, objects, BATCH);
      read[athleteId] = { ten, none: rows() - ten };
      for (const restore of restores.splice(0)) restore();
    }
    expect(read.large).toEqual(read.small);
    expect(read.small?.ten).toBeLessThanOrEqual(CHANGES + 2);
    expect(read.small?.none).toBe(1);
  });
});
