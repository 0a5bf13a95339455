import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damagedCopy, seededRandom } from '../fit/seeded-random.test-support.ts';
import type { ArchiveItem, ArchiveOptions } from './archive-item.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits, SPOOL_MEMORY_BYTES } from './archive-limits.ts';
import { memorySource } from './byte-source.ts';
import { walkArchive } from './walk-archive.ts';
import { rawZip, zipOf } from './zip-file.test-support.ts';

const MIB = 1024 ** 2;
const GPX = '<gpx version="1.1"></gpx>';
const TCX = '<TrainingCenterDatabase></TrainingCenterDatabase>';

let tempDir: string;
beforeAll(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'coach-archive-test-'));
});
afterAll(() => rmSync(tempDir, { recursive: true }));

/** Begins as a FIT file does, which is all that is looked at here; then bytes that cannot be packed. */
function fit(id: number, size = 100): Uint8Array {
  const random = seededRandom(id);
  const block = Uint8Array.from({ length: Math.min(size, 64 * 1024) }, () => random() * 256);
  const bytes = new Uint8Array(Buffer.alloc(size, block));
  bytes.set([14, 16, 0, 0, 0, 0, 0, 0, 0x2e, 0x46, 0x49, 0x54]);
  return bytes;
}

interface Options extends Partial<ArchiveOptions> {
  limit?: Partial<ArchiveLimits>;
}

async function walked(bytes: Uint8Array, { limit, ...options }: Options = {}): Promise<ArchiveItem[]> {
  const limits = { ...ARCHIVE_LIMITS, ...limit };
  const signal = new AbortController().signal;
  const items: ArchiveItem[] = [];
  const walk = walkArchive(memorySource(bytes), 'x.zip', {
    limits,
    maxFileBytes: 8 * MIB,
    tempDir,
    signal,
    ...options,
  });
  for await (const item of walk) items.push(item);
  return items;
}

/** One line an item: what it is, where, and why. */
async function lines(bytes: Uint8Array, options?: Options): Promise<string[]> {
  const items = await walked(bytes, options);
  return items.flatMap((item) => {
    if (item.type === 'opened') return [];
    return [`${item.type} ${item.path}${item.type === 'refused' ? ` ${item.code}` : ''}`];
  });
}

describe('a zip', () => {
  it('gives its recordings in its own order, from folders too, and passes over the rest', async () => {
    const zip = await zipOf({
      'b/': '',
      'b/run.fit': fit(1),
      'a.gpx': GPX,
      'activities.csv': 'id,name',
      'deep/er/ride.TCX': TCX,
      'photo.jpg': fit(2).slice(50),
      '__MACOSX/b/._run.fit': 'resource fork',
      '.hidden.fit': fit(3),
    });
    expect(await lines(zip)).toEqual([
      'file x.zip/b/run.fit',
      'file x.zip/a.gpx',
      'passed_over x.zip/activities.csv',
      'file x.zip/deep/er/ride.TCX',
      'passed_over x.zip/photo.jpg',
      'passed_over x.zip/__MACOSX/b/._run.fit',
      'passed_over x.zip/.hidden.fit',
    ]);
  });

  it('gives the very bytes, and the name of the recording alone', async () => {
    const run = fit(1, 3 * MIB);
    const [, item] = await walked(await zipOf({ 'b/run.fit': run }));
    expect(item).toEqual({ type: 'file', path: 'x.zip/b/run.fit', fileName: 'run.fit', bytes: expect.any(Uint8Array) });
    expect(Buffer.compare((item as { bytes: Uint8Array }).bytes, run)).toBe(0);
  });

  it('says beforehand how many files it holds', async () => {
    const [opened] = await walked(await zipOf({ 'a/': '', 'a/1.fit': fit(1), 'a/2.fit': fit(2) }));
    expect(opened).toEqual({ type: 'opened', files: 2 });
  });

  it('may be a zip64', async () => {
    expect(await lines(await zipOf({ 'run.fit': fit(1) }, { zip64: true }))).toEqual(['file x.zip/run.fit']);
  });

  it('may hold a recording under any name, and something else under that of a recording', async () => {
    const zip = await zipOf({ '123456': fit(1), 'broken.fit': 'nothing', 'empty.gpx': '' });
    expect(await lines(zip)).toEqual(['file x.zip/123456', 'file x.zip/broken.fit', 'file x.zip/empty.gpx']);
  });

  it('may be empty', async () => {
    expect(await walked(await zipOf({}))).toEqual([{ type: 'opened', files: 0 }]);
  });

  it('may hold hundreds of files', async () => {
    const files = Object.fromEntries(Array.from({ length: 700 }, (_, id) => [`${id}.fit`, fit(id)]));
    expect(new Set(await lines(await zipOf(files))).size).toBe(700);
  });
});

describe('archives in archives', () => {
  it('are opened where they lie: zip in zip, gzip in zip, zip in gzip', async () => {
    const inner = await zipOf({ 'run.fit': fit(1), 'ride.fit.gz': gzipSync(fit(2)) });
    const outer = gzipSync(await zipOf({ 'data.json': '{}', 'Uploaded.zip': inner }));
    expect(await lines(outer)).toEqual([
      'passed_over x.zip/data.json',
      'file x.zip/Uploaded.zip/run.fit',
      'file x.zip/Uploaded.zip/ride.fit.gz',
    ]);
  });

  it('call a gzipped recording by its own name', async () => {
    const [, item] = await walked(await zipOf({ 'activities/12.fit.gz': gzipSync(fit(2)) }));
    expect(item).toMatchObject({ path: 'x.zip/activities/12.fit.gz', fileName: '12.fit' });
  });

  it('larger than memory should hold leave nothing on disk', async () => {
    const large = await zipOf({ 'run.fit': fit(1), 'video.bin': fit(2, SPOOL_MEMORY_BYTES + 1).slice(20) });
    expect(await lines(await zipOf({ 'a.zip': large, 'b.fit': fit(3) }))).toEqual([
      'file x.zip/a.zip/run.fit',
      'passed_over x.zip/a.zip/video.bin',
      'file x.zip/b.fit',
    ]);
    expect(readdirSync(tempDir)).toEqual([]);
  });

  it('are opened to a depth, and what lies deeper is told once', async () => {
    const pair = async (inner: Uint8Array) => zipOf({ '1.zip': inner, '2.zip': inner });
    const bomb = await pair(await pair(await pair(await pair(await zipOf({ 'run.fit': fit(1) })))));
    const told = await lines(await zipOf({ 'bomb.zip': bomb, 'run.fit': fit(1) }));
    expect(told.filter((line) => !line.startsWith('passed_over'))).toEqual([
      'refused x.zip/bomb.zip/1.zip/1.zip/1.zip archive_too_deep',
      'file x.zip/run.fit',
    ]);
  });
});

describe('a gzip', () => {
  it('gives what it holds, even when that is no recording: somebody gave it as one', async () => {
    expect(await lines(gzipSync(fit(1)))).toEqual(['file x.zip']);
    expect(await lines(gzipSync('a letter'))).toEqual(['file x.zip']);
  });

  it('may be several in a row', async () => {
    const run = fit(1);
    const [item] = await walked(Buffer.concat([gzipSync(run.slice(0, 50)), gzipSync(run.slice(50))]));
    expect(item).toMatchObject({ bytes: Buffer.from(run) });
  });

  it('that was cut is refused', async () => {
    const packed = gzipSync(fit(1, 5_000));
    expect(await lines(packed.subarray(0, 3_000))).toEqual(['refused x.zip archive_damaged']);
  });
});

describe('a bomb is one refusal, and its neighbours come', () => {
  const zeros = new Uint8Array(16 * MIB);
  const bomb = Buffer.concat([fit(1), zeros]);

  it.each([
    ['a gzip of zeros', async () => gzipSync(zeros), ['refused x.zip archive_ratio']],
    ['a gzip of a recording full of zeros', async () => gzipSync(bomb), ['refused x.zip archive_ratio']],
    [
      'a zip of many zeros',
      () => zipOf({ 'a.bin': zeros, 'b.bin': zeros, 'c.bin': zeros, 'run.fit': fit(1) }),
      ['refused x.zip/a.bin archive_ratio', 'passed_over x.zip/b.bin', 'passed_over x.zip/c.bin', 'file x.zip/run.fit'],
    ],
    [
      'a gzip of zeros in a zip',
      () => zipOf({ 'a.fit.gz': gzipSync(zeros), 'run.fit': fit(1) }),
      ['refused x.zip/a.fit.gz archive_ratio', 'file x.zip/run.fit'],
    ],
    [
      'a file that is larger than its directory says',
      async () =>
        rawZip([
          { name: 'a.fit', bytes: bomb, statedBytes: 1_000 },
          { name: 'run.fit', bytes: fit(1) },
        ]),
      ['refused x.zip/a.fit archive_damaged', 'file x.zip/run.fit'],
    ],
    [
      'files that share their bytes',
      async () =>
        rawZip([
          { name: 'a.fit', bytes: fit(1) },
          { name: 'b.fit', bytes: fit(1), sharesWith: 0 },
        ]),
      ['refused x.zip archive_overlap'],
    ],
  ])('%s', async (_, make, expected) => {
    expect(await lines(await make())).toEqual(expected);
  });

  it('by the bytes of all its files: the rest is not read', async () => {
    const files = { '1.fit': fit(1, 900), '2.fit': fit(2, 900), '3.fit': fit(3, 900), '4.fit': fit(4, 900) };
    expect(await lines(await zipOf(files), { limit: { totalBytes: 2_000 } })).toEqual([
      'file x.zip/1.fit',
      'file x.zip/2.fit',
      'refused x.zip archive_too_large',
    ]);
  });

  it('by their number, those of archives in it included', async () => {
    const inner = await zipOf({ '1.fit': fit(1), '2.fit': fit(2) });
    expect(await lines(await zipOf({ 'a.zip': inner, 'b.zip': inner }), { limit: { entries: 4 } })).toEqual([
      'file x.zip/a.zip/1.fit',
      'file x.zip/a.zip/2.fit',
      'refused x.zip archive_too_many_files',
    ]);
  });

  it('by the size of one file', async () => {
    const zip = await zipOf({ 'big.fit': fit(1, 2_000), 'run.fit': fit(2), 'big.gpx.gz': gzipSync(fit(3, 2_000)) });
    expect(await lines(zip, { maxFileBytes: 1_000 })).toEqual([
      'refused x.zip/big.fit archive_too_large',
      'file x.zip/run.fit',
      'refused x.zip/big.gpx.gz archive_too_large',
    ]);
  });
});

describe('a file that cannot be unpacked is refused with its reason, the next one comes', () => {
  const next = { name: 'run.fit', bytes: fit(2) };
  it.each([
    ['encrypted', { name: 'a.fit', bytes: fit(1), flags: 0x801 }, 'archive_encrypted'],
    ['an encrypted archive', { name: 'a.zip', bytes: fit(1), flags: 0x801 }, 'archive_encrypted'],
    ['packed by another method', { name: 'a.fit', bytes: fit(1), method: 12 }, 'archive_method'],
    ['not what was packed', { name: 'a.fit', bytes: fit(1), statedCrc32: 1 }, 'archive_damaged'],
    ['shorter than stated', { name: 'a.fit', bytes: fit(1), statedBytes: 101 }, 'archive_damaged'],
    ['a zip that is none', { name: 'a.zip', bytes: Buffer.from('PK\u0003\u0004 and no more') }, 'archive_damaged'],
  ])('%s', async (_, entry, code) => {
    expect(await lines(rawZip([entry, next]))).toEqual([`refused x.zip/${entry.name} ${code}`, 'file x.zip/run.fit']);
  });

  it('a photo that is encrypted or damaged is passed over', async () => {
    const photo = { name: 'a.jpg', bytes: fit(1).slice(20) };
    const zip = rawZip([{ ...photo, flags: 0x801 }, { ...photo, statedBytes: 3 }, next]);
    expect(await lines(zip)).toEqual(['passed_over x.zip/a.jpg', 'passed_over x.zip/a.jpg', 'file x.zip/run.fit']);
  });

  it('a zip that was cut is refused whole: its directory was at the end', async () => {
    const zip = await zipOf({ 'run.fit': fit(1) });
    expect(await lines(zip.subarray(0, zip.length - 30))).toEqual(['refused x.zip archive_damaged']);
  });
});

describe('a hostile name is a label', () => {
  it.each([
    ['../../etc/passwd.fit', 'x.zip/etc/passwd.fit'],
    ['/root/run.fit', 'x.zip/root/run.fit'],
    ['..\\..\\windows\\run.fit', 'x.zip/windows/run.fit'],
    ['a\u0000b\u001b[2J\u202e.fit', 'x.zip/a\ufffdb\ufffd[2J\ufffd.fit'],
    ['..', 'x.zip/unnamed'],
    ['', 'x.zip/unnamed'],
    [Uint8Array.of(0xff, 0xfe, 0x2e, 0x66, 0x69, 0x74), 'x.zip/\ufffd\ufffd.fit'],
    ['long/'.repeat(2_000), null],
  ])('%j', async (name, path) => {
    const items = await walked(rawZip([{ name, bytes: fit(1) }]));
    const files = items.filter((item) => item.type === 'file');
    expect(files.map((item) => item.path)).toEqual(path === null ? [] : [path]);
    expect(readdirSync(tempDir)).toEqual([]);
  });
});

describe('a walk that is stopped', () => {
  it('begins no further file', async () => {
    const stop = new AbortController();
    const zip = await zipOf({ '1.fit': fit(1), '2.fit': fit(2) });
    const options = { limits: ARCHIVE_LIMITS, maxFileBytes: MIB, tempDir, signal: stop.signal };
    const seen: string[] = [];
    for await (const item of walkArchive(memorySource(zip), 'x.zip', options)) {
      if (item.type === 'file') seen.push(item.path);
      if (item.type === 'file') stop.abort();
    }
    expect(seen).toEqual(['x.zip/1.fit']);
  });
});

describe('damage of any kind', () => {
  it('gives an answer for each of 1,000 mutated archives', async () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    const inner = await zipOf({ 'a/run.fit': fit(1), 'b.gpx.gz': gzipSync(GPX) });
    const zips = [
      await zipOf({ 'in.zip': inner, 'c.tcx': TCX, 'd.json': '{}' }),
      await zipOf({ 'in.zip': inner, 'c.tcx': TCX }, { zip64: true }),
      gzipSync(inner),
    ];
    for (let round = 0; round < 1_000; round++) {
      const bytes = damagedCopy(zips[round % zips.length] as Uint8Array, random);
      const items = await walked(bytes).catch((error: unknown) => [String(error)]);
      const strange = items.filter((item) => typeof item === 'string');
      expect(strange, `seed ${seed}, round ${round}`).toEqual([]);
    }
    console.log(`walk-archive.test: seed ${seed}`);
  });
});
