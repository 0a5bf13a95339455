/** Files made to exhaust whoever opens them, with the memory it took to refuse them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImportRow } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
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
