/** A data folder becomes a PostgreSQL database: whole, compared, or not at all. */
import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { emptyState, INBOX_OWNER, type OpenedStore, type StoreCopied, silentLog } from '@coach-hub/core';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blobPath } from '../blobs/blob-path.ts';
import { plugin } from '../index.ts';
import { ask, newDatabase, rowsOf, serverUrl } from '../postgres/own-databases.test-support.ts';
import { openTemporary, optionsFor } from '../temporary-folder.test-support.ts';

const server = await serverUrl();
if (server === null) console.warn('skipped: the copy into PostgreSQL; there is none here.');

const NOW_MS = Date.UTC(2026, 2, 1);

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await newDatabase(server!);
  onTestFinished(drop);
  return url;
}

function copy(from: string, to: string, signal?: AbortSignal): Promise<StoreCopied> {
  return plugin.copy!({
    from,
    to,
    now: () => NOW_MS,
    random: Math.random,
    log: silentLog,
    ...(signal ? { signal } : {}),
  });
}

async function openAt(url: string): Promise<OpenedStore> {
  const opened = await plugin.open(optionsFor(url, { random: Math.random }));
  onTestFinished(() => opened.close());
  return opened;
}

/** Two athletes with objects, a joined one, a phone, bytes small and large, what waits, what failed, and jobs. */
async function filled() {
  const world = await openTemporary({ random: Math.random });
  const { store, queue, blobs, folder } = world;
  const large = randomBytes(700_000);
  const largeSha = await blobs.put('ann', large);
  const smallSha = await blobs.put('ann', new Uint8Array([1, 2, 3]));
  for (const athleteId of ['ann', 'bob']) {
    await store.ensureAthlete(athleteId);
    await store.withAthleteChange(athleteId, { client: { clientId: `c_${athleteId}`, seqs: [] } }, ({ athlete }) => ({
      do: 'write',
      write: {
        rev: athlete.rev + 3,
        objects: ['act_1', 'act_2'].map((id, at) => ({
          kind: 'activity' as const,
          id,
          rev: athlete.rev + at + 1,
          createdRev: athlete.rev + at + 1,
          day: at === 0 ? '2026-03-01' : null,
          startedAtMs: at === 0 ? NOW_MS : null,
          deleted: false,
          data: '{"title":"Mörgenläuf 🏃"}',
          alt: null,
          state: emptyState(),
        })),
        aliases: [{ kind: 'activity' as const, oldId: 'act_0', objectId: 'act_1', rev: athlete.rev + 3 }],
        client: { clientId: `c_${athleteId}`, ackSeq: 7, schemaVersion: 1 },
        jobs: [{ task: 'after', payload: { athleteId } }],
      },
      result: null,
    }));
  }
  const delivery = { plugin: 'stride', route: 'webhook' as const, headers: {}, receivedAtMs: NOW_MS, context: null };
  const bodySha = await blobs.put(INBOX_OWNER, large);
  await store.storeDelivery({ ...delivery, body: null, blobSha256: bodySha, bytes: large.length });
  const lastId = await store.storeDelivery({ ...delivery, body: new Uint8Array([0, 255]), blobSha256: null, bytes: 2 });
  await store.storeImport(
    { ...delivery, body: null, blobSha256: largeSha, bytes: large.length },
    {
      athleteId: 'ann',
      plugin: 'file',
      connectionId: null,
      generation: 1,
      stream: 'file',
      externalId: null,
      sha256: largeSha,
      body: null,
      blobSha256: largeSha,
      bytes: large.length,
      receivedAtMs: NOW_MS,
      ref: {},
    },
  );
  await store.storeDeadLetter({
    plugin: 'stride',
    stage: 'split',
    code: 'file_unreadable',
    detail: 'a text with a \0 in it',
    athleteId: null,
    connectionId: null,
    body: null,
    blobSha256: null,
    envelopeId: null,
    replay: {} as never,
    atMs: NOW_MS,
  });
  await store.audit({ atMs: NOW_MS, athleteId: 'ann', actor: 'athlete', action: 'test', params: {} });
  const epoch = await store.serverEpoch();
  const before = {
    ann: await store.readDelta('ann', 'c_ann', 0, 100),
    bob: await store.readDelta('bob', 'c_bob', 0, 100),
    inbox: await store.inboxCounts(),
    jobs: await queue.counts(),
  };
  await world.close();
  return { folder, epoch, before, large, largeSha, smallSha, lastId };
}

describe.skipIf(server === null)('a copy of a data folder into PostgreSQL', () => {
  it('is the same hub: what phones, inbox and queue ask for is answered alike', { timeout: 60_000 }, async () => {
    const { folder, epoch, before, large, largeSha, smallSha, lastId } = await filled();
    const to = await emptyDatabase();
    const copied = await copy(folder, to);
    expect(copied.blobs).toEqual({ count: 2, bytes: 2 * large.length, lost: [] });
    expect(copied.tables.object?.rows).toBe(4);

    const { store, queue, blobs } = await openAt(to);
    expect(await store.serverEpoch()).toBe(epoch);
    expect({
      ann: await store.readDelta('ann', 'c_ann', 0, 100),
      bob: await store.readDelta('bob', 'c_bob', 0, 100),
      inbox: await store.inboxCounts(),
      jobs: await queue.counts(),
    }).toEqual(before);
    expect(Buffer.from((await blobs.get({ athleteId: 'ann', sha256: largeSha }))!).equals(large)).toBe(true);
    expect(await blobs.get({ athleteId: 'ann', sha256: smallSha })).toEqual(Buffer.from([1, 2, 3]));
    // What the old database gave out is never given out again: a receipt number is one for ever.
    const again = { plugin: 'stride', route: 'webhook' as const, headers: {}, receivedAtMs: NOW_MS, context: null };
    const next = await store.storeDelivery({ ...again, body: null, blobSha256: null, bytes: 0 });
    // One more was given out by the import.
    expect(next).toBe(lastId + 2);
    await store.withAthleteChange('ann', {}, ({ athlete }) => ({
      do: 'write',
      write: {
        rev: athlete.rev + 1,
        objects: [
          {
            kind: 'activity',
            id: 'act_new',
            rev: athlete.rev + 1,
            createdRev: athlete.rev + 1,
            day: null,
            startedAtMs: null,
            deleted: false,
            data: '{}',
            alt: null,
            state: emptyState(),
          },
        ],
        aliases: [],
      },
      result: null,
    }));
    expect((await store.object('ann', 'activity', 'act_new'))?.id).toBe('act_new');
  });

  it('tells which bytes were lost before it, and copies the rest', { timeout: 60_000 }, async () => {
    const { folder, largeSha } = await filled();
    rmSync(join(folder, 'blobs', blobPath({ athleteId: 'ann', sha256: largeSha })));
    const copied = await copy(folder, await emptyDatabase());
    expect(copied.blobs).toMatchObject({ count: 1, lost: [`ann/${largeSha}`] });
  });

  it('takes no bytes along that are not those of their name', { timeout: 60_000 }, async () => {
    const { folder, largeSha } = await filled();
    appendFileSync(join(folder, 'blobs', blobPath({ athleteId: 'ann', sha256: largeSha })), 'x');
    const to = await emptyDatabase();
    const copied = await copy(folder, to);
    expect(copied.blobs).toMatchObject({ count: 1, lost: [`ann/${largeSha}`] });
    expect(await (await openAt(to)).blobs.get({ athleteId: 'ann', sha256: largeSha })).toBeNull();
    expect(await rowsOf(to, 'select count(*)::int as n from blob_draft')).toEqual([{ n: 0 }]);
  });

  it('that is interrupted leaves no row, and goes on when it is run again', { timeout: 60_000 }, async () => {
    const { folder } = await filled();
    const to = await emptyDatabase();
    const stop = new AbortController();
    const copying = plugin.copy!({
      from: folder,
      to,
      now: () => NOW_MS,
      random: Math.random,
      log: silentLog,
      signal: stop.signal,
      onProgress: ({ stage }) => stage === 'checking' && stop.abort(),
    });
    await expect(copying).rejects.toThrow();
    expect(await rowsOf(to, 'select count(*)::int as n from object')).toEqual([{ n: 0 }]);
    expect((await copy(folder, to)).tables.object?.rows).toBe(4);
  });

  it('is refused where the folder or the database is in use, or holds data', { timeout: 60_000 }, async () => {
    const { folder } = await filled();
    const to = await emptyDatabase();
    const open = await plugin.open(optionsFor(folder));
    await expect(copy(folder, to)).rejects.toMatchObject({ code: 'conflict', fix: 'Stop it, and run this again.' });
    await open.close();
    const { close } = await openAt(to);
    await expect(copy(folder, to)).rejects.toMatchObject({ code: 'conflict' });
    await close();
    await copy(folder, to);
    await expect(copy(folder, to)).rejects.toMatchObject({ code: 'conflict', what: 'Nothing was copied.' });
  });

  it('that would differ is not committed, and names the table', { timeout: 60_000 }, async () => {
    const { folder } = await filled();
    const to = await emptyDatabase();
    const first = await openAt(to);
    await first.store.migrate();
    await first.close();
    // A database that changes what it is given.
    await ask(
      to,
      `create function meddle() returns trigger language plpgsql as $$ begin new.data := '{}'; return new; end $$;
       create trigger meddles before insert on object for each row execute function meddle();`,
    );
    await expect(copy(folder, to)).rejects.toMatchObject({
      code: 'copy_differs',
      why: 'What arrived is not what was sent. object: 4 rows sent, 4 arrived.',
    });
    expect(await rowsOf(to, 'select count(*)::int as n from athlete')).toEqual([{ n: 0 }]);
  });

  it('leaves the folder as it was', { timeout: 60_000 }, async () => {
    const { folder, epoch } = await filled();
    await copy(folder, await emptyDatabase());
    const sqlite = new BetterSqlite3(join(folder, 'coach.db'), { readonly: true });
    expect(sqlite.prepare('select epoch from server').pluck().get()).toBe(epoch);
    sqlite.close();
  });
});

it('a copy in another direction is refused', async () => {
  await expect(copy('postgres://localhost/a', './b')).rejects.toMatchObject({ code: 'not_supported' });
});
