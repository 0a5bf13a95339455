/** Files made to exhaust whoever opens them, with the memory it took to refuse them. */
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImportRow } from '@coach-hub/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { coach, emptyFolder } from '../testing/coach.test-support.ts';
import { runFile } from '../testing/run-file.test-support.ts';
import { zipOf } from '../testing/zip.test-support.ts';

const MIB = 1024 ** 2;
/** Says at the end how much memory there ever was, KiB. */
const TELL_PEAK = `--import=data:text/javascript,process.on('exit',()=>process.stderr.write('peak%20'+process.resourceUsage().maxRSS))`;
/** The bombs below are a GiB each. What gives itself away by its ratio may add this much, */
const MOST_ADDED_KIB = 64 * 1024;
/** and what could be a recording as much as one of the largest size, 256 MiB, and the noise of a process. */
const MOST_ADDED_BY_RECORDING_KIB = (256 + 64) * 1024;

/** A gzip of many members unpacks to them all: 1 GiB without packing as much for a test. */
function gibibyteOf(block: Uint8Array): Uint8Array {
  const member = gzipSync(block, { level: 1 });
  return Buffer.concat(Array.from({ length: Math.ceil((1024 * MIB) / block.length) }, () => member));
}

async function imported(files: { [name: string]: Uint8Array }): Promise<{ told: string[]; peakKib: number }> {
  const cwd = emptyFolder();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(cwd, name), bytes);
  const args = ['import', ...Object.keys(files), '--athlete', 'ann', '--tz', 'UTC', '--json'];
  const { stdout, stderr } = await coach(args, { cwd, env: { NODE_OPTIONS: TELL_PEAK } });
  const rows = stdout.trim().split('\n');
  const told = rows.map((line) => {
    const { file, status, error } = JSON.parse(line) as ImportRow;
    return `${status} ${file} ${error?.code ?? ''}`.trim();
  });
  return { told, peakKib: Number(/peak (\d+)/.exec(stderr)?.[1]) };
}

describe('a gibibyte in a small file', () => {
  it('is refused within the memory of an import of recordings, and its neighbours are imported', async () => {
    const run = runFile();
    const ordinary = await imported({ 'run.fit': run });
    expect(ordinary.told).toEqual(['imported run.fit']);

    const zeros = gibibyteOf(new Uint8Array(16 * MIB));
    /** Packs to a seventieth, as no limit of ratio would notice. */
    const dense = new Uint8Array(4 * MIB).fill(0x20);
    for (let at = 0; at < dense.length; at += 64) dense[at] = (at * 31) % 251;
    dense.set(new TextEncoder().encode('<gpx>'));
    const bombs = await imported({
      'zeros.gz': zeros,
      'recording.fit.gz': Buffer.concat([gzipSync(run), zeros]),
      'packed.zip': await zipOf({ 'a.fit': new Uint8Array(64 * MIB), 'b.fit.gz': zeros, 'run.fit': run }),
    });
    expect(bombs.told).toEqual([
      'unreadable zeros.gz archive_ratio',
      'unreadable recording.fit.gz archive_ratio',
      'unreadable packed.zip/a.fit archive_ratio',
      'unreadable packed.zip/b.fit.gz archive_ratio',
      'imported packed.zip/run.fit',
    ]);
    const track = await imported({ 'track.gpx.gz': gibibyteOf(dense), 'run.fit': run });
    expect(track.told).toEqual(['unreadable track.gpx.gz archive_too_large', 'imported run.fit']);

    console.log(`bombs.test: ${[ordinary, bombs, track].map(({ peakKib }) => Math.round(peakKib / 1024))} MiB`);
    expect(bombs.peakKib - ordinary.peakKib).toBeLessThan(MOST_ADDED_KIB);
    expect(track.peakKib - ordinary.peakKib).toBeLessThan(MOST_ADDED_BY_RECORDING_KIB);
  });
});

/** A file of FIT messages. `claimed` is the size of its data as the header tells it; by default the truth. */
function fitOf(data: Uint8Array, claimed = data.length): Uint8Array {
  const header = Buffer.alloc(14);
  header.set([14, 0x20]);
  header.writeUInt16LE(2_195, 2);
  header.writeUInt32LE(claimed, 4);
  header.write('.FIT', 8, 'latin1');
  header.writeUInt16LE(crcOf(header.subarray(0, 12)), 12);
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crcOf(data, crcOf(header)));
  return Buffer.concat([header, data, crc]);
}

/** The CRC of the FIT protocol: 16 bits, polynomial 0xA001, bits in reverse. */
function crcOf(bytes: Uint8Array, before = 0): number {
  let crc = before;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** Definitions of a message, each unlike the one before, with so many fields of 255 bytes. */
function definitions(count: number, fields: number): Uint8Array {
  const each = 6 + fields * 3;
  const all = Buffer.alloc(count * each);
  for (let at = 0; at < count; at++) {
    all.set([0x40, 0, 0], at * each);
    all.writeUInt16LE(at % 0xff00, at * each + 3);
    all[at * each + 5] = fields;
    for (let field = 0; field < fields; field++) {
      all.set([(at + field) % 250, 255, (at >> 8) % 2 ? 0x0d : 0x02], at * each + 6 + field * 3);
    }
  }
  return all;
}

/** One definition without fields, then messages of one byte each. */
function emptyMessages(count: number): Uint8Array {
  const all = Buffer.alloc(6 + count);
  all.set([0x40, 0, 0, 20, 0, 0]);
  return all;
}

const tcx = (inside: string, doctype = '') =>
  Buffer.from(
    `<?xml version="1.0"?>${doctype}<TrainingCenterDatabase><Activities><Activity Sport="Running"><Id>${inside}</Id></Activity></Activities></TrainingCenterDatabase>`,
  );

/** Each entity is ten of the one before: the last would be ten thousand million letters. */
function laughs(): Uint8Array {
  const entities = Array.from({ length: 10 }, (_, at) =>
    at === 0 ? '<!ENTITY e0 "haha">' : `<!ENTITY e${at} "${`&e${at - 1};`.repeat(10)}">`,
  );
  return tcx('&e9;', `<!DOCTYPE TrainingCenterDatabase [${entities.join('')}]>`);
}

const quadratic = () => tcx('&e;'.repeat(200_000), `<!DOCTYPE x [<!ENTITY e "${'h'.repeat(100_000)}">]>`);

const deep = (root: string) => Buffer.from(`<${root}>${'<a>'.repeat(5_000_000)}`);

const SECOND = (second: number) => new Date(Date.UTC(2024, 4, 1) + second * 1_000).toISOString();

/** A GPX as large as wanted, written as it grows. */
function writeGpx(path: string, bytes: number, piece: (nth: number) => string): void {
  const file = openSync(path, 'w');
  let written = writeSync(file, '<gpx version="1.1" creator="bomb"><trk><name>n</name><trkseg>');
  for (let nth = 0; written < bytes; nth++) written += writeSync(file, piece(nth));
  writeSync(file, '</trkseg></trk></gpx>');
  closeSync(file);
}

/** A thousand points, one a second, due north. */
const points = (nth: number) =>
  Array.from({ length: 1_000 }, (_, at) => {
    const second = nth * 1_000 + at;
    return `<trkpt lat="${(second * 2.5e-5).toFixed(6)}" lon="8.5"><ele>400</ele><time>${SECOND(second)}</time></trkpt>\n`;
  }).join('');

/** What one worker may use, `decode.memoryMb`, and the file itself, which it is given. */
const MOST_ADDED_IN_WORKER_KIB = (512 + 256) * 1024;

interface Outcome {
  rows: ImportRow[];
  stderr: string;
  peakKib: number;
  cwd: string;
}

/** Imports a bomb between two runs. */
async function between(name: string, write: (path: string) => void): Promise<Outcome> {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'before.fit'), runFile());
  write(join(cwd, name));
  writeFileSync(join(cwd, 'behind.fit'), runFile({ startS: 86_400 }));
  const args = ['import', 'before.fit', name, 'behind.fit', '--athlete', 'ann', '--tz', 'UTC', '--json'];
  const { stdout, stderr } = await coach(args, { cwd, env: { NODE_OPTIONS: TELL_PEAK } });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImportRow);
  return { rows, stderr, peakKib: Number(/peak (\d+)/.exec(stderr)?.[1]), cwd };
}

const bytes = (make: () => Uint8Array) => (path: string) => writeFileSync(path, make());

/** A run whose header tells another size of its data. */
const runOfSize = (size: (truth: number) => number) =>
  bytes(() => {
    const run = runFile({ startS: 43_200 });
    return fitOf(run.subarray(14, -2), size(run.length - 16));
  });

/** Files of the blob folder that are no blob: begun and not ended. */
function draftsIn(cwd: string): string[] {
  const all = readdirSync(join(cwd, '.coach/data/blobs'), { recursive: true, encoding: 'utf8' });
  return all.filter((path) => !/[0-9a-f]{64}$/.test(path) && statSync(join(cwd, '.coach/data/blobs', path)).isFile());
}

describe('a file made to exhaust its reader', () => {
  const base = between(
    'between.fit',
    bytes(() => runFile({ startS: 43_200 })),
  );

  it.each<[string, string, (path: string) => void, string]>([
    ['a million definitions', 'a.fit', bytes(() => fitOf(definitions(1_000_000, 1))), 'unreadable damaged_file'],
    ['definitions as wide as can be', 'a.fit', bytes(() => fitOf(definitions(20_000, 255))), 'unreadable damaged_file'],
    ['messages of one byte', 'a.fit', bytes(() => fitOf(emptyMessages(8_000_000))), 'unreadable damaged_file'],
    ['a size that is too large', 'a.fit', runOfSize(() => 0xff_ff_ff_ff), 'partial'],
    ['a size that is too small', 'a.fit', runOfSize((truth) => truth >> 1), 'partial'],
    ['a size of nothing', 'a.fit', runOfSize(() => 0), 'partial'],
    ['entities of entities', 'a.tcx', bytes(laughs), 'no_activity nothing_recorded'],
    ['a long entity, often', 'a.tcx', bytes(quadratic), 'unreadable not_an_activity_file'],
    ['elements in elements', 'a.tcx', bytes(() => deep('TrainingCenterDatabase')), 'unreadable damaged_file'],
    ['elements in elements', 'a.gpx', bytes(() => deep('gpx')), 'unreadable damaged_file'],
    ['200 MB of points', 'a.gpx', (path) => writeGpx(path, 200e6, points), 'partial'],
    [
      '200 MB of text',
      'a.gpx',
      (path) => writeGpx(path, 200e6, () => 'x'.repeat(1_000_000)),
      'unreadable damaged_file',
    ],
  ])('is told about and leaves its neighbours and the memory alone: %s (%s)', async (_, name, write, told) => {
    const ordinary = await base;
    const { rows, stderr, peakKib, cwd } = await between(name, write);
    const [before, own, behind] = rows;
    expect(rows.map(({ file }) => file)).toEqual(['before.fit', name, 'behind.fit']);
    expect([before?.status, behind?.status]).toEqual(['imported', 'imported']);
    expect(`${own?.status} ${own?.error?.code ?? ''}`.trim()).toBe(told);
    if (own?.status === 'partial') expect(own.notes).not.toEqual([]);
    else expect(own?.error).toMatchObject({ what: expect.stringMatching(/\.$/), fix: expect.stringMatching(/\.$/) });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(draftsIn(cwd)).toEqual([]);
    console.log(`bombs.test: ${Math.round(peakKib / 1024)} MiB, ${Math.round(ordinary.peakKib / 1024)} MiB without`);
    expect(peakKib - ordinary.peakKib).toBeLessThan(MOST_ADDED_IN_WORKER_KIB);
  });

  it('is not led to other files or machines by an entity', async () => {
    let calls = 0;
    const trap = createServer((_, response) => {
      calls += 1;
      response.end('<!ENTITY inner "called">');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      trap.close();
    });
    const { port } = trap.address() as AddressInfo;
    const { rows, cwd } = await between('a.tcx', (path) => {
      writeFileSync(`${path}.secret`, 'sesame');
      const doctype = `<!DOCTYPE x SYSTEM "http://127.0.0.1:${port}/x.dtd" [
        <!ENTITY % outer SYSTEM "http://127.0.0.1:${port}/outer.dtd"> %outer;
        <!ENTITY file SYSTEM "file://${path}.secret">]>`;
      writeFileSync(path, tcx('&file;&inner;', doctype));
    });
    expect(rows.map(({ status }) => status)).toEqual(['imported', 'no_activity', 'imported']);
    expect(calls).toBe(0);
    const database = readFileSync(join(cwd, '.coach/data/coach.db'));
    expect(database.includes('sesame')).toBe(false);
  });
});
