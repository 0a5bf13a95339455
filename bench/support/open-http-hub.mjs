/** A hub behind a port, with one athlete's token, and a plain server beside it that does the least such work takes. */
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import {
  createAuth,
  createServer,
  issueAthleteToken,
  listen,
  operatorKeyring,
  sharedSecretVerifier,
} from '@coach-hub/server';
import Database from 'better-sqlite3';
import { openBenchHub, ports } from './open-hub.mjs';

const SECRET = 'a-secret-of-at-least-32-bytes-for-benches';

export async function openHttpHub() {
  const { hub, config, folder, close } = await openBenchHub();
  const { clock, random, log } = ports;
  const verifiers = [sharedSecretVerifier({ secret: SECRET, issuer: null, audience: null, clock })];
  const auth = createAuth({ athletes: hub.athletes, verifiers, operators: operatorKeyring([]) });
  const noLimits = { ...config, limits: { ...config.limits, requestsPerS: 0 } };
  const app = createServer({ hub, auth, config: noLimits, clock, random, log });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    hub,
    folder,
    url: server.url,
    token: (subject) => issueAthleteToken({ secret: SECRET, issuer: 'bench', subject, ttlS: 3_600, clock }),
    athlete: (subject) => hub.athletes.ofSubject('bench', subject),
    async close() {
      await server.close();
      await close();
    },
  };
}

/** A database as the bare driver gives it: WAL, every commit flushed. */
export function openBare(file) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  return db;
}

/**
 * `POST /push` stores a batch of objects in one transaction; `GET /pull?after=N` gives the next 500 of those that lie
 * ready, as text that was made before.
 */
export async function openPlainServer(folder, ready) {
  const db = openBare(join(folder, 'plain-server.db'));
  db.exec('CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, rev INTEGER NOT NULL, data TEXT NOT NULL)');
  const insert = db.prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?)');
  let rev = 0;
  const store = db.transaction((batch) => {
    for (const { id, set } of batch) insert.run(id, ++rev, JSON.stringify(set));
  });
  const pages = [];
  for (let at = 0; at < ready.length; at += 500) pages.push(JSON.stringify({ changes: ready.slice(at, at + 500) }));
  const server = createHttpServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://plain');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/pull') return response.end(pages[Number(searchParams.get('after'))]);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { batch } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    store.immediate(batch);
    response.end(JSON.stringify({ acks: batch.map(({ id }) => id) }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    pages: pages.length,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      db.close();
    },
  };
}
