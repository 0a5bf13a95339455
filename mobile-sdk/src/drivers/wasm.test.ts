/** The page's end of the web driver. SQLite itself, in its worker, is tested in a browser (examples/web.test.ts). */
import { describe, expect, it } from 'vitest';
import { openWasm, type WasmAnswer, type WasmRequest, type WorkerLike } from './wasm.ts';

/** A worker that answers as it is told and notes what it was asked. */
function createWorker(answer: (request: WasmRequest) => WasmAnswer | null) {
  const asked: WasmRequest[] = [];
  const heard: {
    message: ((event: { data: WasmAnswer }) => void)[];
    error: ((event: { message?: string }) => void)[];
  } = {
    message: [],
    error: [],
  };
  let ended = false;
  const worker: WorkerLike = {
    postMessage(request) {
      asked.push(request);
      const data = answer(request);
      if (data) queueMicrotask(() => heard.message.forEach((listener) => void listener({ data })));
    },
    addEventListener(type: 'message' | 'error', listener: never) {
      heard[type].push(listener);
    },
    terminate() {
      ended = true;
    },
  };
  const fail = (message: string) => heard.error.forEach((listener) => void listener({ message }));
  return { worker, asked, fail, isEnded: () => ended };
}

const agrees = ({ id }: WasmRequest): WasmAnswer => ({ id, rows: [] });

describe('the web driver', () => {
  it('commits what resolves, and undoes what rejects, with the error it was given', async () => {
    const { worker, asked } = createWorker(agrees);
    const driver = await openWasm(worker, 'ann.db');
    expect(await driver.transaction((tx) => tx.run('INSERT', [1]).then(() => 'done'))).toBe('done');
    const cause = new RangeError('no');
    await expect(driver.transaction(() => Promise.reject(cause))).rejects.toBe(cause);
    const said = asked.map((request) => ('sql' in request ? request.sql : request.does));
    expect(said).toEqual(['open', 'BEGIN IMMEDIATE', 'INSERT', 'COMMIT', 'BEGIN IMMEDIATE', 'ROLLBACK']);
  });

  it('says what to do where the browser gives no file, and ends the worker', async () => {
    const { worker, isEnded } = createWorker(({ id }) => ({ id, error: 'access handle taken' }));
    await expect(openWasm(worker, 'ann.db')).rejects.toMatchObject({
      code: 'database_unsafe',
      cause: { message: 'access handle taken' },
    });
    expect(isEnded()).toBe(true);
  });

  it('leaves nobody waiting when the worker dies, then or later', async () => {
    const { worker, fail } = createWorker((request) => (request.does === 'open' ? agrees(request) : null));
    const driver = await openWasm(worker, 'ann.db');
    const waiting = driver.all('SELECT 1');
    fail('out of memory');
    await expect(waiting).rejects.toThrow('out of memory');
    await expect(driver.run('SELECT 1')).rejects.toThrow('out of memory');
  });
});
