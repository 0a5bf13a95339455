import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plugin } from '../index.ts';
import { openTemporary, optionsFor, temporaryFolder } from '../temporary-folder.test-support.ts';

const LARGE = new Uint8Array(100_000).fill(7);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
}

describe('a damaged file', () => {
  it('counts as missing, is reported, and is healed by storing the bytes again', async () => {
    const errors: string[] = [];
    const { blobs, folder } = await openTemporary({ log: { ...silentLog, error: (message) => errors.push(message) } });
    const key = { athleteId: 'ath_1', sha256: await blobs.put('ath_1', LARGE) };
    const [path] = filesIn(join(folder, 'blobs')) as [string];
    const damaged = readFileSync(path);
    damaged[50_000] = 8;
    writeFileSync(path, damaged);
    expect(await blobs.get(key)).toBeNull();
    expect(errors).toEqual(['stored bytes are damaged']);
    await blobs.put('ath_1', LARGE);
    expect(Buffer.from(LARGE).equals((await blobs.get(key))!)).toBe(true);
  });
});

describe('bytes that are stored already', () => {
  it('are not written again', async () => {
    const { blobs, folder } = await openTemporary();
    await blobs.put('ath_1', LARGE);
    const [path] = filesIn(join(folder, 'blobs')) as [string];
    const before = statSync(path).ino;
    await blobs.put('ath_1', LARGE);
    expect(statSync(path).ino).toBe(before);
  });
});

describe('files that a put began', () => {
  it('are gone after a refused one', async () => {
    const { blobs, folder } = await openTemporary();
    const endless = (async function* () {
      for (;;) yield LARGE;
    })();
    await expect(blobs.putStream('ath_1', endless, 300_000)).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(filesIn(join(folder, 'blobs'))).toEqual([]);
  });

  it('have names of their own, even when the randomness passed in repeats itself', async () => {
    const { blobs } = await openTemporary({ random: () => 0 });
    const bodies = [1, 2, 3].map((fill) => new Uint8Array(100_000).fill(fill));
    const hashes = await Promise.all(bodies.map((each) => blobs.put('ath_1', each)));
    for (const [at, sha256] of hashes.entries()) {
      expect((await blobs.get({ athleteId: 'ath_1', sha256 }))?.[0]).toBe(at + 1);
    }
  });

  it('are removed by the next start when their writer died', async () => {
    const folder = temporaryFolder();
    const first = await plugin.open(optionsFor(folder));
    await first.store.migrate();
    await first.blobs.put('ath_1', LARGE);
    await first.close();
    const drafts = join(folder, 'blobs', 'tmp');
    writeFileSync(join(drafts, 'young'), 'half');
    const second = await plugin.open(optionsFor(folder));
    onTestFinished(() => second.close());
    expect(readdirSync(drafts)).toEqual([]);
    expect((await second.blobs.usage()).blobs).toBe(1);
  });

  it('are left alone while another process has the folder open, until they are old', async () => {
    const folder = temporaryFolder();
    const nowMs = Date.UTC(2026, 2, 1);
    const first = await plugin.open(optionsFor(folder));
    await first.store.migrate();
    onTestFinished(() => first.close());
    await first.blobs.put('ath_1', LARGE);
    const drafts = join(folder, 'blobs', 'tmp');
    for (const [name, ageS] of [
      ['old', 7_200],
      ['young', 60],
    ] as const) {
      writeFileSync(join(drafts, name), 'half');
      utimesSync(join(drafts, name), nowMs / 1000 - ageS, nowMs / 1000 - ageS);
    }
    const second = await plugin.open(optionsFor(folder, { now: () => nowMs }));
    onTestFinished(() => second.close());
    expect(readdirSync(drafts)).toEqual(['young']);
    expect((await second.blobs.usage()).blobs).toBe(1);
  });
});

describe('an athlete whose bytes are deleted', () => {
  it('leaves no folder behind', async () => {
    const { blobs, folder } = await openTemporary();
    const sha256 = await blobs.put('ath_1', LARGE);
    await blobs.delete({ athleteId: 'ath_1', sha256 });
    expect(readdirSync(join(folder, 'blobs'))).toEqual(['tmp']);
  });
});
