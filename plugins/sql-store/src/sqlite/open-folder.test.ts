import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { openTemporary, optionsFor, temporaryFolder } from '../temporary-folder.test-support.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a data folder', () => {
  it('is named by a path or sqlite:PATH, and by nothing of another database', () => {
    const opened = ['/var/lib/coach', './data', 'data', 'C:\\coach', 'sqlite:./data'];
    const others = ['mysql://localhost/coach', 'https://localhost/coach', 'https://hub.example', ''];
    expect(opened.filter((url) => !plugin.opens(url))).toEqual([]);
    expect(others.filter((url) => plugin.opens(url))).toEqual([]);
  });

  it('is made for its owner alone, with all that is in it', async () => {
    const folder = join(temporaryFolder(), 'deep', 'data');
    const opened = await plugin.open(optionsFor(`sqlite:${folder}`));
    onTestFinished(() => opened.close());
    await opened.store.migrate();
    await opened.store.ensureAthlete('ath_1');
    const sha256 = await opened.blobs.put('ath_1', new Uint8Array(100_000));
    expect(readdirSync(folder).sort()).toEqual(['blobs', 'coach.db', 'coach.db-shm', 'coach.db-wal', 'coach.lock']);
    expect(opened.store.location).toBe(folder);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const modes = files.map(
      (each) => `${each.isFile() ? 'file' : 'folder'} ${modeOf(join(each.parentPath, each.name))}`,
    );
    expect(modeOf(folder)).toBe('700');
    expect([...new Set(modes)].sort()).toEqual(['file 600', 'folder 700']);
    expect(files.some(({ name }) => name === sha256)).toBe(true);
  });

  it('cannot be a file, or hold a database that is none', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(plugin.open(optionsFor(join(folder, 'file')))).rejects.toMatchObject({ code: 'config_invalid' });
    mkdirSync(join(folder, 'odd'));
    writeFileSync(join(folder, 'odd', 'coach.db'), 'no database at all, however long this text may be made');
    await expect(plugin.open(optionsFor(join(folder, 'odd')))).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('gets an epoch of its own from the randomness passed in', async () => {
    const first = await openTemporary({ random: () => 0.1 });
    const second = await openTemporary({ random: () => 0.9 });
    expect([await first.store.serverEpoch(), await second.store.serverEpoch()]).toEqual([
      'ep3333333333',
      'epwwwwwwwwww',
    ]);
  });

  it('is closed once, and then refuses writes', async () => {
    const { store, close } = await openTemporary();
    await close();
    await store.close();
    await expect(store.storeDelivery({} as never)).rejects.toMatchObject({ code: 'busy' });
  });

  it('survives a listener of commits that throws', async () => {
    const errors: string[] = [];
    const { store } = await openTemporary({ log: { ...silentLog, error: (message) => errors.push(message) } });
    await store.ensureAthlete('ath_1');
    store.onCommit(() => {
      throw new Error('listener');
    });
    const { counts } = store;
    await store.withAthleteChange('ath_1', {}, () => ({
      do: 'write',
      result: null,
      write: { rev: 1, objects: [], aliases: [{ kind: 'gear', oldId: 'a', objectId: 'b', rev: 1 }] },
    }));
    expect(errors).toEqual(['a listener of commits failed']);
    expect((await counts()).alias).toBe(1);
  });
});
