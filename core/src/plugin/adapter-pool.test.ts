import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryView, EnvelopeView, Normalise, Split } from '../provider/envelope.ts';
import { type AdapterPool, type AdapterPoolOptions, createAdapterPool } from './adapter-pool.ts';
import type { LoadedProvider } from './load-plugins.ts';
import { type TestProject, testProject } from './plugin.test-support.ts';

/** Behaves as the envelope's ref says; runs in a worker, so it is a file of its own. */
const NORMALISE = `
import { threadId } from 'node:worker_threads';
const pool = Buffer.from('0123456789abcdef');
export function normalise({ ref, bytes, options }) {
  if (ref.do === 'throw') JSON.parse('{"heartRate": 61 oops');
  if (ref.do === 'schema') throw Object.assign(new Error('got 61'), { issues: [{ path: ['days', 0, 'hr'], code: 'invalid_type', input: 61 }] });
  if (ref.do === 'loop') for (;;);
  if (ref.do === 'fill') { const all = []; for (;;) all.push(new Array(100_000).fill(ref)); }
  if (ref.do === 'exit') process.exit(3);
  if (ref.do === 'late') setTimeout(() => { throw new Error('late'); }, 20);
  if (ref.do === 'late exit') setTimeout(() => process.exit(3), 20);
  if (ref.do === 'nothing') return { claims: [] };
  if (ref.do === 'options') return { claims: [], notes: [{ code: JSON.stringify(options) }] };
  if (ref.do === 'env') return { claims: [], notes: [{ code: JSON.stringify(process.env) }] };
  const series = { bytes: pool.subarray(4, 8), channels: ['timeS'], points: 1 };
  return { claims: [{ series }, { series: null }], notes: [{ code: 'read', params: { bytes: bytes.length, threadId } }] };
}
export function split({ bytes, ref }) {
  if (ref.do === 'throw') JSON.parse('{"heartRate": 61 oops');
  if (ref.do === 'loop') for (;;);
  if (ref.do === 'fill') { const all = []; for (;;) all.push(new Array(100_000).fill(ref)); }
  if (ref.do === 'nothing') return { envelopes: [] };
  const at = 'thread ' + threadId;
  return { envelopes: [{ bytes: pool.subarray(4, 8) }], notices: [], problems: [{ at, what: 'unread', bytes }, { at, what: 'part', bytes: bytes.subarray(0, 2) }] };
}
`;
const NO_SPLIT = 'export const normalise = () => ({ claims: [], notes: [] });';

let project: TestProject;
let workerUrl: URL;
let normaliseUrl: string;
let noSplitUrl: string;
let pool: AdapterPool;

beforeAll(async () => {
  project = testProject();
  normaliseUrl = pathToFileURL(project.write('normalise.mjs', NORMALISE)).href;
  noSplitUrl = pathToFileURL(project.write('no-split.mjs', NO_SPLIT)).href;
  const outfile = `${project.dir}/adapter-worker.mjs`;
  const entry = new URL('./adapter-worker.ts', import.meta.url).pathname;
  await build({ entryPoints: [entry], bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'silent' });
  workerUrl = pathToFileURL(outfile);
});
afterEach(() => pool.close());
afterAll(() => project.remove());

function open(more: Partial<AdapterPoolOptions> = {}): AdapterPool {
  pool = createAdapterPool({ threads: 1, timeoutMs: 5_000, memoryMb: 64, workerUrl, inlineBytes: 10, ...more });
  return pool;
}

function provider(inPlace: Normalise = () => ({ claims: [], notes: [{ code: 'in place' }] })): LoadedProvider {
  return { id: 'stride', adapter: { normalise: inPlace }, normaliseUrl } as unknown as LoadedProvider;
}

const inPlaceSplit: Split = () => ({ envelopes: [], notices: [], problems: [] });

function delivery(size: number, what = 'read'): DeliveryView {
  return { route: 'webhook', headers: {}, bytes: Buffer.alloc(size, 'ab'), ref: { do: what }, identity: null };
}

function envelope(size: number, what = 'read'): EnvelopeView {
  return { stream: 'runs', externalId: null, bytes: Buffer.alloc(size), ref: { do: what }, sha256: '' };
}

const failed = (why: string) =>
  expect.objectContaining({ code: 'normalise_failed', why: expect.stringContaining(why) });

describe('an envelope', () => {
  it('that is small is read in place, one byte more and it goes to a worker', async () => {
    const { normalise } = open();
    expect((await normalise(provider(), envelope(10))).notes).toEqual([{ code: 'in place' }]);
    expect((await normalise(provider(), envelope(11))).notes[0]?.params).toMatchObject({
      bytes: 11,
      threadId: expect.any(Number),
    });
  });

  it('stays as it was for the caller, and its series comes back whole', async () => {
    const view = envelope(20);
    const { claims } = await open().normalise(provider(), view);
    expect(view.bytes).toHaveLength(20);
    expect(Buffer.from(claims[0]?.series?.bytes ?? []).toString()).toBe('4567');
    const again = await pool.normalise(provider(), view);
    expect(Buffer.from(again.claims[0]?.series?.bytes ?? []).toString()).toBe('4567');
  });

  it('is read in place where there is no worker for it', async () => {
    const { normalise } = open({ workerUrl: null });
    expect((await normalise(provider(), envelope(50))).notes).toEqual([{ code: 'in place' }]);
  });

  it('waits its turn when all workers are busy', async () => {
    const { normalise } = open({ threads: 2 });
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) => normalise(provider(), envelope(20 + index))),
    );
    expect(results.map(({ notes }) => notes[0]?.params?.bytes)).toEqual(
      Array.from({ length: 12 }, (_, index) => 20 + index),
    );
    expect(new Set(results.map(({ notes }) => notes[0]?.params?.threadId)).size).toBeLessThanOrEqual(2);
  });
});

describe('a mapping that fails', () => {
  it.each([
    ['in a worker', 20],
    ['in place', 5],
  ])('%s tells the kind of error and the place, never the value', async (_, size) => {
    const { normalise } = (await import(normaliseUrl)) as { normalise: Normalise };
    const error = await open()
      .normalise(provider(normalise), envelope(size, 'throw'))
      .catch((thrown: Error) => thrown);
    expect(error).toEqual(failed('SyntaxError'));
    expect((error as Error).message).not.toContain('61');
    expect((error as Error).cause).toBeUndefined();
  });

  it('on a schema tells which field', async () => {
    await expect(open().normalise(provider(), envelope(20, 'schema'))).rejects.toEqual(
      failed('days.0.hr: invalid_type'),
    );
  });

  it.each([
    ['takes too long', 'loop', 'longer than 1500 ms'],
    ['takes too much memory', 'fill', 'more than 32 MiB'],
    ['ends its thread', 'exit', 'thread ended'],
    ['returns something else', 'nothing', 'other than claims and notes'],
  ])('because it %s costs its envelope only: the next one is read', async (_, what, why) => {
    const { normalise } = open({ timeoutMs: what === 'loop' ? 1_500 : 20_000, memoryMb: 32 });
    const [bad, good] = await Promise.allSettled([
      normalise(provider(), envelope(20, what)),
      normalise(provider(), envelope(21)),
    ]);
    expect(bad).toEqual({ status: 'rejected', reason: failed(why) });
    expect(good.status).toBe('fulfilled');
  });
});

describe('a delivery', () => {
  const splitBy = (split: Split, view: DeliveryView, url = normaliseUrl) =>
    pool.split({ id: 'stride', normaliseUrl: url }, { split }, view);

  it('that is small is split in place, one byte more and it goes to a worker', async () => {
    open();
    expect((await splitBy(inPlaceSplit, delivery(10))).problems).toEqual([]);
    expect((await splitBy(inPlaceSplit, delivery(11))).problems[0]?.at).toMatch(/^thread [1-9]/);
  });

  it('is split in place where the plugin gives workers no split', async () => {
    open();
    expect((await splitBy(inPlaceSplit, delivery(20), noSplitUrl)).problems).toEqual([]);
  });

  it('comes back with the bytes of each item alone, and stays as it was for the caller', async () => {
    open();
    const view = delivery(20);
    for (const _ of ['once', 'and again']) {
      const { envelopes, problems } = await splitBy(inPlaceSplit, view);
      const text = [...envelopes, ...problems].map(({ bytes }) => Buffer.from(bytes).toString());
      expect(text).toEqual(['4567', 'ab'.repeat(10), 'ab']);
      expect(envelopes[0]?.bytes.buffer.byteLength).toBe(4);
    }
    expect(view.bytes).toHaveLength(20);
  });

  it.each([
    ['takes too long', 'loop', 'longer than 1500 ms'],
    ['takes too much memory', 'fill', 'more than 32 MiB'],
    ['throws', 'throw', 'SyntaxError'],
    ['returns something else', 'nothing', 'other than envelopes, notices and problems'],
  ])('whose split %s costs itself only: the next one is split', async (_, what, why) => {
    open({ timeoutMs: what === 'loop' ? 1_500 : 20_000, memoryMb: 32 });
    const [bad, good] = await Promise.allSettled([
      splitBy(inPlaceSplit, delivery(20, what)),
      splitBy(inPlaceSplit, delivery(21)),
    ]);
    expect(bad).toEqual({ status: 'rejected', reason: failed(why) });
    expect(good).toMatchObject({ status: 'fulfilled', value: { envelopes: [expect.anything()] } });
  });

  it('that cannot be split in place tells the kind of error, never the value', async () => {
    open();
    const split: Split = () => JSON.parse('{"heartRate": 61 oops');
    await expect(splitBy(split, delivery(5))).rejects.toEqual(failed('SyntaxError'));
  });
});

describe('a worker', () => {
  it('sees nothing of the environment', async () => {
    const { notes } = await open().normalise(provider(), envelope(20, 'env'));
    expect(notes[0]?.code).toBe('{}');
  });

  it.each(['late', 'late exit'])(
    'that fails after its answer (%s) is replaced, and takes nobody along',
    async (what) => {
      const { normalise } = open();
      const thread = async (does: string) =>
        (await normalise(provider(), envelope(20, does))).notes[0]?.params?.threadId;
      const first = await thread(what);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await thread('read')).not.toBe(first);
    },
  );

  it('is told which reader takes FIT files apart, as is a mapping in place', async () => {
    const { normalise } = open({ fitReader: 'fit-file-parser' });
    const seen: unknown[] = [];
    const inPlace: Normalise = ({ options }) => {
      seen.push(options);
      return { claims: [], notes: [] };
    };
    await normalise(provider(inPlace), envelope(5));
    const { notes } = await normalise(provider(), envelope(20, 'options'));
    expect([...seen, JSON.parse(notes[0]?.code ?? '')]).toEqual(Array(2).fill({ fitReader: 'fit-file-parser' }));
  });

  it('is given up when the caller gives up, running or waiting', async () => {
    const { normalise } = open();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = normalise(provider(), envelope(20, 'loop'), { signal: running.signal });
    const second = normalise(provider(), envelope(20), { signal: waiting.signal });
    waiting.abort(new Error('no longer wanted'));
    await expect(second).rejects.toThrow('no longer wanted');
    running.abort(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    expect((await normalise(provider(), envelope(20))).notes).toHaveLength(1);
  });

  it('ends with the pool, and what it was reading is busy: another start reads it', async () => {
    const reading = open().normalise(provider(), envelope(20, 'loop'));
    const outcome = expect(reading).rejects.toMatchObject({ code: 'busy', retry: 'later' });
    expect(pool.load()).toEqual({ waiting: 0, running: 1 });
    await pool.close();
    await outcome;
    expect(pool.load()).toEqual({ waiting: 0, running: 0 });
    await expect(pool.normalise(provider(), envelope(20))).rejects.toThrow('closing');
  });
});
