import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BackupManifest, INBOX_OWNER, type OpenedStore, silentLog } from '@coach-hub/core';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../blobs/blob-path.ts';
import { plugin } from '../index.ts';
import { openTemporary, temporaryFolder } from '../temporary-folder.test-support.ts';

const NOW_MS = Date.UTC(2026, 2, 1);
const LARGE = 100_000;

type World = OpenedStore & { folder: string };

function backUp(url: string, folder: string): Promise<BackupManifest> {
  return plugin.backup!({ url, folder, productVersion: '1.2.3', now: () => NOW_MS, log: silentLog });
}

async function restore(folder: string, url: string, inspect: (opened: OpenedStore) => Promise<void> = async () => {}) {
  return plugin.restore!({ folder, url, inspect, random: Math.random, now: () => NOW_MS, log: silentLog });
}

/** A delivery whose body is a file of its own. */
async function deliver({ store, blobs }: OpenedStore, body = randomBytes(LARGE)): Promise<string> {
  const blobSha256 = await blobs.put(INBOX_OWNER, body);
  await store.storeDelivery({
    plugin: 'stride',
    route: 'webhook',
    headers: {},
    body: null,
    blobSha256,
    bytes: body.length,
    receivedAtMs: NOW_MS,
    context: null,
  });
  return blobSha256;
}

/** What a split does at the end: the row goes, then the bytes. */
async function drop({ store, blobs }: OpenedStore): Promise<void> {
  const [oldest] = await store.nextDeliveries(1);
  await store.splitDelivery({
    deliveryId: oldest!.id,
    envelopes: [],
    notices: [],
    deadLetters: [],
    unknownIdentities: 0,
  });
  await blobs.keepOnly(INBOX_OWNER, () => store.inboxBlobs());
}

function rowsIn(folder: string, query: string): unknown[] {
  const sqlite = new BetterSqlite3(join(folder, 'coach.db'), { readonly: true });
  try {
    return sqlite.prepare(query).all();
  } finally {
    sqlite.close();
  }
}

async function backedUp(): Promise<{ world: World; folder: string; sha256: string }> {
  const world = await openTemporary();
  await world.store.ensureAthlete('ath_1');
  const sha256 = await deliver(world);
  const folder = join(temporaryFolder(), 'backup');
  await backUp(world.folder, folder);
  return { world, folder, sha256 };
}

describe('what a backup holds of each phone', () => {
  it('is durable once the backup is complete, and never more than that', async () => {
    const world = await openTemporary();
    const { store } = world;
    await store.ensureAthlete('ann');
    const acknowledge = (ackSeq: number) =>
      store.withAthleteChange('ann', { client: { clientId: 'phone', seqs: [] } }, ({ athlete }) => ({
        do: 'write',
        write: { rev: athlete.rev, objects: [], aliases: [], client: { clientId: 'phone', ackSeq, schemaVersion: 1 } },
        result: null,
      }));
    const durable = () => rowsIn(world.folder, 'select client_id as id, durable_seq as seq from client');
    await acknowledge(7);
    expect(durable()).toEqual([{ id: 'phone', seq: 0 }]);
    const target = join(temporaryFolder(), 'backup');
    const backingUp = backUp(world.folder, target);
    await acknowledge(9);
    await backingUp;
    const [{ held }] = rowsIn(target, 'select ack_seq as held from client') as [{ held: number }];
    expect(durable()).toEqual([{ id: 'phone', seq: held }]);
    expect(rowsIn(target, 'select durable_seq as seq from client')).toEqual([{ seq: 0 }]);
    await expect(backUp(world.folder, target)).rejects.toThrow();
    await acknowledge(12);
    expect(durable()).toEqual([{ id: 'phone', seq: held }]);
  });
});

describe('a backup', () => {
  it('says what it holds, and only its owner can read it', async () => {
    const { folder, sha256 } = await backedUp();
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as BackupManifest;
    expect(manifest).toMatchObject({
      format: 'coach-hub-backup',
      formatVersion: 1,
      takenAt: '2026-03-01T00:00:00.000Z',
      productVersion: '1.2.3',
      dialect: 'sqlite',
      database: { file: 'coach.db', bytes: statSync(join(folder, 'coach.db')).size },
      blobs: { files: 1, bytes: LARGE, lost: [] },
      counts: { athlete: 1, delivery: 1 },
    });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    expect(files.flatMap((each) => (each.isFile() ? [each.name] : [])).sort()).toEqual(
      ['coach.db', 'manifest.json', sha256].sort(),
    );
    const modes = files.map((each) => [each.isFile(), statSync(join(each.parentPath, each.name)).mode & 0o777]);
    expect(modes.filter(([isFile, mode]) => mode !== (isFile ? 0o600 : 0o700))).toEqual([]);
  });

  it('is of one instant and names no blob it lacks, while others write, and remove blobs', async () => {
    const world = await openTemporary();
    let writing = true;
    let steps = 0;
    const load = (async () => {
      while (writing) {
        await world.store.ensureAthlete(`ath_${steps}`);
        await deliver(world);
        await world.store.ensureAthlete(`twin_${steps++}`);
        if (steps % 3 === 0) await drop(world);
      }
    })();
    const folders = Array.from({ length: 5 }, (_, each) => join(temporaryFolder(), `${each}`));
    for (const folder of folders) {
      const before = steps;
      while (steps < before + 5) await new Promise((resolve) => setTimeout(resolve, 2));
      await backUp(world.folder, folder);
    }
    writing = false;
    await load;
    for (const folder of folders) {
      const named = rowsIn(folder, 'select blob_sha256 as sha256 from delivery') as { sha256: string }[];
      expect(named.length).toBeGreaterThan(0);
      const stored = readdirSync(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
      expect(stored.flatMap((each) => (each.isFile() ? [each.name] : [])).sort()).toEqual(
        named.map(({ sha256 }) => sha256).sort(),
      );
      // Written one after the other, so at any instant there is at most one without its twin.
      const [alone] = rowsIn(
        folder,
        `select (select count(*) from athlete where athlete_id like 'ath%')
          - (select count(*) from athlete where athlete_id like 'twin%') as difference`,
      ) as { difference: number }[];
      expect([0, 1]).toContain(alone?.difference);
    }
  });

  it('ends although another process writes all the time', async () => {
    const world = await openTemporary();
    for (let each = 0; each < 40; each++) await deliver(world, randomBytes(60_000));
    const other = new BetterSqlite3(join(world.folder, 'coach.db'));
    const write = other.prepare("insert into counter values ('beside', 1) on conflict do update set value = value + 1");
    let writes = 0;
    const onProgress = () => {
      write.run();
      writes += 1;
    };
    const folder = join(temporaryFolder(), 'backup');
    await plugin.backup!({
      url: world.folder,
      folder,
      productVersion: '1',
      now: () => NOW_MS,
      log: silentLog,
      onProgress,
    });
    other.close();
    expect(writes).toBeGreaterThan(0);
    expect(rowsIn(folder, "select * from counter where name = 'beside'")).toEqual([]);
  });

  it('of a hub that has lost a blob is taken all the same, and says which', async () => {
    const { world, sha256 } = await backedUp();
    const path = blobPath({ athleteId: INBOX_OWNER, sha256 });
    rmSync(join(world.folder, 'blobs', path));
    const folder = join(temporaryFolder(), 'backup');
    expect((await backUp(world.folder, folder)).blobs).toEqual({ files: 0, bytes: 0, lost: [path] });
    const place = join(temporaryFolder(), 'place');
    await restore(folder, place);
    expect(rowsIn(place, 'select blob_sha256 as sha256 from delivery')).toEqual([{ sha256 }]);
  });

  it('is not written over anything', async () => {
    const { world, folder } = await backedUp();
    await expect(backUp(world.folder, folder)).rejects.toMatchObject({ code: 'conflict', why: /not empty/ });
    rmSync(join(folder, 'manifest.json'));
    await expect(backUp(world.folder, folder)).rejects.toMatchObject({ code: 'conflict', why: /not finished/ });
  });

  it('of nothing is refused', async () => {
    await expect(backUp(join(temporaryFolder(), 'none'), temporaryFolder())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('that is interrupted stops, and is none', async () => {
    const { world } = await backedUp();
    const folder = join(temporaryFolder(), 'backup');
    const stop = new AbortController();
    const options = { url: world.folder, folder, productVersion: '1', now: () => NOW_MS, log: silentLog };
    const onProgress = () => stop.abort();
    await expect(plugin.backup!({ ...options, signal: stop.signal, onProgress })).rejects.toThrow('aborted');
    await expect(restore(folder, join(temporaryFolder(), 'place'))).rejects.toMatchObject({ code: 'backup_invalid' });
  });
});

describe('a restore', () => {
  it('brings everything back under an epoch of its own, with nobody at work', async () => {
    const { world, folder, sha256 } = await backedUp();
    await world.store.acquireLease('later', 'somebody', NOW_MS + 1, NOW_MS);
    await world.queue.enqueue([{ task: 'fetch', payload: {} }]);
    let isTaken = false;
    world.queue.start({
      fetch: (_job, signal) =>
        new Promise((_resolve, reject) => {
          isTaken = true;
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    while (!isTaken) await new Promise((resolve) => setTimeout(resolve, 1));
    const second = join(temporaryFolder(), 'second');
    await backUp(world.folder, second);
    await world.queue.stop(0);
    const place = join(temporaryFolder(), 'deep', 'place');
    const { epoch, manifest } = await restore(second, place);
    const restored = await plugin.open({ url: place, now: () => NOW_MS, random: Math.random, log: silentLog });
    try {
      expect(await restored.store.serverEpoch()).toBe(epoch);
      expect(epoch).not.toBe(await world.store.serverEpoch());
      expect(manifest.counts.athlete).toBe(1);
      expect(await restored.blobs.get({ athleteId: INBOX_OWNER, sha256 })).toHaveLength(LARGE);
      expect(await restored.store.acquireLease('later', 'me', NOW_MS + 1, NOW_MS)).toBe(true);
      let runs = 0;
      restored.queue.start({ fetch: async () => void runs++ as undefined });
      await restored.queue.idle();
      expect(runs).toBe(1);
    } finally {
      await restored.close();
    }
    expect(readdirSync(place).sort()).toEqual(['blobs', 'coach.db', 'coach.lock']);
    expect((await restore(folder, join(temporaryFolder(), 'again'))).epoch).not.toBe(epoch);
  });

  it('goes beside a key file, and nowhere else', async () => {
    const { folder, world } = await backedUp();
    const place = temporaryFolder();
    writeFileSync(join(place, 'keys.json'), '{}');
    await restore(folder, place);
    expect(readdirSync(place).sort()).toEqual(['blobs', 'coach.db', 'keys.json']);
    await expect(restore(folder, place)).rejects.toMatchObject({ code: 'conflict', why: /not empty/ });
    await expect(restore(folder, world.folder)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('begins anew where one was cut off', async () => {
    const { folder } = await backedUp();
    const place = temporaryFolder();
    mkdirSync(join(place, 'restoring'));
    writeFileSync(join(place, 'restoring', 'coach.db'), 'half');
    await restore(folder, place);
    expect(readdirSync(place).sort()).toEqual(['blobs', 'coach.db']);
  });

  it.each<[string, (folder: string, sha256: string) => void, string]>([
    ['was not finished', (folder) => rmSync(join(folder, 'manifest.json')), 'no finished backup'],
    ['has another database', (folder) => appendFileSync(join(folder, 'coach.db'), 'x'), 'SHA-256'],
    ['has no database', (folder) => rmSync(join(folder, 'coach.db')), 'coach.db is missing'],
    ['lacks a blob', (folder, sha256) => rmSync(blobOf(folder, sha256)), '1 of its blobs'],
    ['has a damaged blob', (folder, sha256) => writeFileSync(blobOf(folder, sha256), 'x'), '1 of its blobs'],
    ['has no manifest of ours', (folder) => writeFileSync(join(folder, 'manifest.json'), '{}'), 'manifest'],
    ['is of a later format', (folder) => alter(folder, { formatVersion: 2 }), 'format is number 2'],
  ])('of a backup that %s leaves nothing behind', async (_, harm, message) => {
    const { folder, sha256 } = await backedUp();
    harm(folder, sha256);
    const place = temporaryFolder();
    const failure = await restore(folder, place).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'backup_invalid', message: expect.stringContaining(message) });
    expect(readdirSync(place)).toEqual([]);
  });

  it('of a backup a newer hub wrote is refused, naming its version', async () => {
    const { folder } = await backedUp();
    alter(folder, { migrations: ['9999-later'] });
    await expect(restore(folder, temporaryFolder())).rejects.toMatchObject({
      code: 'database_too_new',
      why: expect.stringContaining('1.2.3'),
    });
  });

  it('whose inspection fails leaves nothing behind', async () => {
    const { folder } = await backedUp();
    const place = temporaryFolder();
    const inspect = () => Promise.reject(new Error('the keys are missing'));
    await expect(restore(folder, place, inspect)).rejects.toThrow('the keys are missing');
    expect(readdirSync(place)).toEqual([]);
  });
});

function blobOf(folder: string, sha256: string): string {
  return join(folder, 'blobs', blobPath({ athleteId: INBOX_OWNER, sha256 }));
}

function alter(folder: string, change: Partial<BackupManifest>): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as BackupManifest;
  writeFileSync(path, JSON.stringify({ ...manifest, ...change }));
}
