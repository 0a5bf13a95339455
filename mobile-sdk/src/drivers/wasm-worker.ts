/** The worker of the web driver: the database itself. A bundler makes a file of it; see `wasm.ts`. */
import sqlite3InitModule, { type Database } from '@sqlite.org/sqlite-wasm';
import type { WasmAnswer, WasmRequest } from './wasm.ts';

// What a worker's own global offers, and what SQLite reads there.
declare global {
  var sqlite3ApiConfig: object | undefined;
}
declare function postMessage(message: WasmAnswer): void;
declare function addEventListener(type: 'message', listener: (event: { data: WasmRequest }) => void): void;

let db: Database | null = null;
let pool: { pauseVfs(): unknown } | null = null;

async function open(file: string): Promise<void> {
  // The other file systems need headers that few pages are served with, and it would wait for each of them in vain.
  globalThis.sqlite3ApiConfig = { disable: { vfs: { opfs: true, 'opfs-vfs': true, 'opfs-wl': true } } };
  const sqlite3 = await sqlite3InitModule();
  // A pool of files that are held open: no headers of the page are needed, and every commit is flushed.
  const opened = await sqlite3.installOpfsSAHPoolVfs({ name: `coach-${file}`, directory: `/coach/${file}` });
  pool = opened;
  db = new opened.OpfsSAHPoolDb(`/${file}`);
  db.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL');
}

async function answer(request: WasmRequest): Promise<object[]> {
  if (request.does === 'open') {
    await open(request.file);
    return [];
  }
  if (db === null) throw new Error('The database is not open.');
  switch (request.does) {
    case 'exec':
      db.exec(request.sql);
      return [];
    case 'run':
    case 'all': {
      const rows: object[] = [];
      const bind = request.params.length > 0 ? request.params : undefined;
      db.exec({ sql: request.sql, bind, rowMode: 'object', resultRows: rows as never });
      return rows;
    }
    case 'close':
      db.close();
      pool?.pauseVfs();
      db = null;
      return [];
  }
}

/** One after the other, in the order they came. */
let turn: Promise<void> = Promise.resolve();

addEventListener('message', ({ data: request }) => {
  turn = turn.then(async () => {
    try {
      postMessage({ id: request.id, rows: await answer(request) });
    } catch (error) {
      postMessage({ id: request.id, error: error instanceof Error ? error.message : String(error) });
    }
  });
});
