/** A database that PostgreSQL's own tools restored or cloned is another hub's than the one phones knew. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { optionsFor } from '../temporary-folder.test-support.ts';
import { ask, newDatabase, serverUrl } from './own-databases.test-support.ts';
import { startOwnServer } from './own-server.test-support.ts';

const server = await serverUrl();
const isPackaged = process.env.TEST_DATABASE_URL === undefined;
if (server === null) console.warn('skipped: restored databases are noticed; there is no PostgreSQL here.');

async function migrated() {
  const { url, drop } = await newDatabase(server!);
  onTestFinished(drop);
  const { store, queue, close } = await plugin.open(optionsFor(url, { random: Math.random }));
  await store.migrate();
  const epoch = await store.serverEpoch();
  await store.acquireLease('token.1', 'somebody', Number.MAX_SAFE_INTEGER, 0);
  await queue.enqueue([{ task: 'work', payload: null }]);
  await close();
  return { url, epoch };
}

async function epochAt(url: string): Promise<string> {
  const { store, close } = await plugin.open(optionsFor(url, { random: Math.random }));
  try {
    return await store.serverEpoch();
  } finally {
    await close();
  }
}

describe.skipIf(server === null)('a database', () => {
  it('keeps its epoch however often it is opened', { timeout: 20_000 }, async () => {
    const { url, epoch } = await migrated();
    expect([await epochAt(url), await epochAt(url)]).toEqual([epoch, epoch]);
  });

  it('that was cloned gets a new one, once, and its leases are free; the first keeps its own', {
    timeout: 20_000,
  }, async () => {
    const { url, epoch } = await migrated();
    const name = new URL(url).pathname.slice(1);
    await ask(server!, `create database ${name}_clone template ${name}`);
    onTestFinished(() => ask(server!, `drop database ${name}_clone with (force)`));
    const clone = url.replace(name, `${name}_clone`);
    const epochs = await Promise.all([epochAt(clone), epochAt(clone), epochAt(clone)]);
    expect(new Set(epochs).size).toBe(1);
    expect(epochs[0]).not.toBe(epoch);
    expect(await epochAt(clone)).toBe(epochs[0]);
    expect(await epochAt(url)).toBe(epoch);
    const { store, close } = await plugin.open(optionsFor(clone));
    expect(await store.leases('', 0)).toEqual([]);
    await close();
  });

  it.skipIf(!isPackaged)(
    'that came out of recovery, as a promoted standby does, gets a new one at once',
    { timeout: 60_000 },
    async () => {
      // A server of its own: the others have one in common.
      const own = (await startOwnServer())!;
      onTestFinished(() => own.stop());
      const { store, close } = await plugin.open(optionsFor(own.url, { random: Math.random }));
      await store.migrate();
      const epoch = await store.serverEpoch();
      await close();
      await own.promote();
      const after = await epochAt(own.url);
      expect(after).not.toBe(epoch);
      expect(await epochAt(own.url)).toBe(after);
    },
  );
});
