import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeActivityFile } from './decode-activity-file.ts';
import { createDecodePool, type DecodePool, type DecodePoolOptions } from './decode-pool.ts';
import { fitFile, T0, type TestMessage } from './fit/fit-file.test-support.ts';

let folder: string;
let workerUrl: URL;
let pool: DecodePool;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decode-pool-'));
  const outfile = join(folder, 'decode-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./decode-worker.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  workerUrl = pathToFileURL(outfile);
});
afterEach(() => pool.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** A pool that sends every file to a worker, unless told otherwise. */
function open(options: Partial<DecodePoolOptions> = {}): DecodePool {
  pool = createDecodePool({
    threads: 1,
    inlineBelowBytes: 0,
    timeoutMs: 15_000,
    maxOldGenerationMb: 128,
    workerUrl,
    ...options,
  });
  return pool;
}

/** A worker that behaves as the first byte of the file says: 1 hangs, 2 eats memory, 3 exits, 4 throws. */
function misbehavingWorker(): URL {
  const path = join(folder, 'misbehaving.mjs');
  writeFileSync(
    path,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ bytes }) => {
       if (bytes[0] === 1) for (;;);
       if (bytes[0] === 2) for (const kept = []; ; ) kept.push(new Array(1000).fill(bytes[0]));
       if (bytes[0] === 3) process.exit(0);
       if (bytes[0] === 4) throw new Error('a defect');
       parentPort.postMessage({ kind: 'result', result: { status: 'unreadable', code: 'empty_file', what: 'fine' } });
     });
     parentPort.postMessage({ kind: 'ready' });`,
  );
  return pathToFileURL(path);
}

const FINE = { status: 'unreadable', code: 'empty_file', what: 'fine' };

function run(): Uint8Array {
  const records: TestMessage[] = Array.from({ length: 500 }, (_, i) => [
    'record',
    { timestamp: T0 + i, heart_rate: 120 + (i % 30), distance: i * 3 },
  ]);
  return fitFile(['file_id', { type: 4 }], ...records, [
    'session',
    { start_time: T0, sport: 1, total_elapsed_time: 500 },
  ]);
}

describe('a file decoded in a worker thread', () => {
  it('is the same as one decoded in place, columns and all', async () => {
    const file = run();
    expect(await open().decode(file)).toEqual(decodeActivityFile(file));
    expect(await pool.decode(file, { reader: 'fit-file-parser' })).toEqual(decodeActivityFile(file));
  });

  it('leaves the bytes with the caller', async () => {
    const file = run();
    await open().decode(file);
    expect(file).toEqual(run());
  });

  it('waits for a free thread when there are more files than threads', async () => {
    open({ threads: 2 });
    const files = Array.from({ length: 7 }, run);
    const results = await Promise.all(files.map((file) => pool.decode(file)));
    expect(results.map(({ status }) => status)).toEqual(files.map(() => 'decoded'));
  });
});

describe('a small file', () => {
  it('is decoded in place: no worker is needed for it', async () => {
    const nowhere = pathToFileURL(join(folder, 'nowhere.mjs'));
    expect(await open({ inlineBelowBytes: 256 * 1024, workerUrl: nowhere }).decode(run())).toMatchObject({
      status: 'decoded',
    });
  });
});

describe('a file that does not behave', () => {
  it.each([
    ['takes too long', 1, 'decode_timeout'],
    ['takes too much memory', 2, 'decode_out_of_memory'],
    ['ends the worker', 3, 'decode_failed'],
    ['meets a defect of ours', 4, 'decode_failed'],
  ])('and %s is answered, and the next one is decoded', async (_name, first, code) => {
    open({
      workerUrl: misbehavingWorker(),
      timeoutMs: code === 'decode_timeout' ? 1_000 : 15_000,
      maxOldGenerationMb: 24,
    });
    const [bad, next] = await Promise.all([pool.decode(Uint8Array.of(first)), pool.decode(Uint8Array.of(0))]);
    expect(bad).toMatchObject({ status: 'unreadable', code });
    expect(next).toEqual(FINE);
  });

  it('is an error of the installation when the worker cannot be loaded', async () => {
    open({ workerUrl: pathToFileURL(join(folder, 'nowhere.mjs')) });
    await expect(pool.decode(run())).rejects.toThrow('nowhere.mjs');
  });
});

describe('giving up', () => {
  it('stops the file that is being decoded and the one that waits, and no other', async () => {
    open({ workerUrl: misbehavingWorker() });
    const stop = new AbortController();
    const running = pool.decode(Uint8Array.of(1), {}, stop.signal);
    const waiting = pool.decode(Uint8Array.of(1), {}, stop.signal);
    const other = pool.decode(Uint8Array.of(0));
    setTimeout(() => stop.abort(new DOMException('enough', 'AbortError')), 50);
    await expect(running).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    expect(await other).toEqual(FINE);
  });

  it('does not begin with a signal that is aborted already', async () => {
    await expect(open().decode(run(), {}, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends what is being decoded when the pool is closed, and takes no more', async () => {
    open({ workerUrl: misbehavingWorker() });
    const running = pool.decode(Uint8Array.of(1));
    const rejected = expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await pool.close();
    await rejected;
    await expect(pool.decode(Uint8Array.of(0))).rejects.toMatchObject({ name: 'AbortError' });
  });
});
