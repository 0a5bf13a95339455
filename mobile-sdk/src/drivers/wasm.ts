/**
 * The driver for the web: SQLite compiled to WebAssembly, in a worker of its own, on the browser's private file system
 * (OPFS). One page at a time has a file open; a second one is told so when it opens.
 */
import { CoachError } from '../coach-error.ts';
import type { Driver, Sql, SqlValue } from '../driver.ts';

/** What is asked of the worker, and what it answers; `wasm-worker.ts` is the other end. */
export type WasmRequest = { id: number } & (
  | { does: 'open'; file: string }
  | { does: 'exec'; sql: string }
  | { does: 'run' | 'all'; sql: string; params: SqlValue[] }
  | { does: 'close' }
);
export type WasmAnswer = { id: number } & ({ rows: object[] } | { error: string });

/** Of a browser's `Worker`, what the driver uses. */
export interface WorkerLike {
  postMessage(message: WasmRequest): void;
  addEventListener(type: 'message', listener: (event: { data: WasmAnswer }) => void): void;
  addEventListener(type: 'error', listener: (event: { message?: string }) => void): void;
  terminate(): void;
}

export interface WasmDriver extends Driver {
  /** Closes the file, so that another page can open it, and ends the worker. */
  close(): Promise<void>;
}

type Asked = WasmRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/**
 * Opens (or creates) the file of one athlete.
 *
 * @param worker made by the app from `@coach-hub/mobile-sdk/wasm-worker`, as its bundler wants it made.
 * @param file its name, as `athleteFileName()` gives it.
 * @throws CoachError `database_unsafe` when the browser offers no file that keeps what was written, or another page has it.
 */
export async function openWasm(worker: WorkerLike, file: string): Promise<WasmDriver> {
  const waiting = new Map<number, { resolve(rows: object[]): void; reject(error: Error): void }>();
  let lastId = 0;
  /** Why the worker answers nothing any more. */
  let failure: Error | null = null;
  worker.addEventListener('message', ({ data }) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.rows);
  });
  worker.addEventListener('error', ({ message }) => {
    failure = new Error(message ?? 'The database worker failed.');
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  });
  const ask = (request: Asked): Promise<object[]> =>
    new Promise((resolve, reject) => {
      if (failure !== null) return reject(failure);
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ...request });
    });

  try {
    await ask({ does: 'open', file });
  } catch (cause) {
    worker.terminate();
    throw new CoachError(
      'database_unsafe',
      {
        what: `The database ${file} was not opened.`,
        why: 'This browser offers no private file system to this page, or another page has the file open.',
        fix: 'Close the other page, or use a current browser over HTTPS.',
      },
      cause,
    );
  }
  const sql: Sql = {
    exec: async (text) => void (await ask({ does: 'exec', sql: text })),
    run: async (text, params = []) => void (await ask({ does: 'run', sql: text, params })),
    all: async <Row>(text: string, params: SqlValue[] = []) => (await ask({ does: 'all', sql: text, params })) as Row[],
  };
  return {
    ...sql,
    async transaction(work) {
      await sql.exec('BEGIN IMMEDIATE');
      try {
        const value = await work(sql);
        await sql.exec('COMMIT');
        return value;
      } catch (error) {
        // A statement that failed may have ended the transaction already.
        await sql.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    async close() {
      await ask({ does: 'close' });
      worker.terminate();
    },
  };
}
