/** Immutable bytes: up to 64 KiB in a row; larger ones as files beside SQLite, as parts in PostgreSQL. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type BlobKey, type BlobStore, HubError } from '@coach-hub/core';
import type { Database } from '../database/database.ts';
import { blobStatements } from './blob-rows.ts';
import type { LargeBlobs } from './large-blobs.ts';

/** Up to here a row in the shared commit is cheaper than a file with flushes of its own. */
const IN_DATABASE_BYTES = 64 * 1024;
/** Bytes put again are made young again, unless they are about as young already. */
const TOUCH_AFTER_MS = 60_000;
const CHUNK_BYTES = 256 * 1024;
const SHA256_HEX = /^[0-9a-f]{64}$/;

export interface BlobDeps {
  database: Database;
  large: LargeBlobs;
  now: () => number;
}

export function createBlobStore({ database, large, now }: BlobDeps): BlobStore {
  const rows = blobStatements(database.prepare);

  async function putSmall(athleteId: string, body: Uint8Array): Promise<string> {
    const sha256 = sha256Of(body);
    const stored = await database.read(rows.storedAt.get({ athleteId, sha256 }));
    if (stored === undefined || now() - stored.storedAtMs > TOUCH_AFTER_MS) {
      await database.write(() => rows.insert.run({ athleteId, sha256, bytes: body.length, body, nowMs: now() }));
    }
    return sha256;
  }

  async function put(athleteId: string, bytes: Uint8Array): Promise<string> {
    if (bytes.length <= IN_DATABASE_BYTES) return putSmall(athleteId, bytes);
    const sha256 = await sha256InTurns(bytes);
    // A damaged file counts as missing, so storing the bytes again heals it.
    // Touched before it is looked at: who removes old bytes takes it before, so it is missing, or leaves it.
    const key = { athleteId, sha256 };
    if ((await large.touch(key)) && (await large.isWhole(key, bytes.length))) return sha256;
    return (await putStream(athleteId, chunksOf(bytes), bytes.length)).sha256;
  }

  async function putStream(athleteId: string, stream: AsyncIterable<Uint8Array>, maxBytes: number) {
    const source = stream[Symbol.asyncIterator]();
    const head: Uint8Array[] = [];
    let bytes = 0;
    const take = async () => {
      const { done, value } = await source.next();
      if (done) return null;
      bytes += value.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      return value;
    };
    try {
      for (let chunk = await take(); chunk; chunk = await take()) {
        head.push(new Uint8Array(chunk));
        if (bytes > IN_DATABASE_BYTES) return { sha256: await putFile(athleteId, head, take), bytes };
      }
    } catch (error) {
      // The rest of a refused stream is not read.
      await source.return?.();
      throw error;
    }
    return { sha256: await putSmall(athleteId, Buffer.concat(head)), bytes };
  }

  async function putFile(
    athleteId: string,
    head: Uint8Array[],
    take: () => Promise<Uint8Array | null>,
  ): Promise<string> {
    const draft = await large.begin();
    const hash = createHash('sha256');
    const write = async (chunk: Uint8Array) => {
      hash.update(chunk);
      await draft.write(chunk);
    };
    try {
      for (const chunk of head) await write(chunk);
      for (let chunk = await take(); chunk; chunk = await take()) await write(chunk);
    } catch (error) {
      await draft.drop();
      throw error;
    }
    const sha256 = hash.digest('hex');
    await draft.keep({ athleteId, sha256 });
    return sha256;
  }

  async function remove(key: BlobKey): Promise<void> {
    if (await database.read(rows.find.get({ ...key }))) await database.write(() => rows.remove.run({ ...key }));
    await large.remove(key);
  }

  /** Without a grace everything is old, whatever the clock says. */
  function oldUntil(graceMs: number | undefined): number {
    return graceMs === undefined ? Number.MAX_SAFE_INTEGER : now() - graceMs;
  }

  async function unnamedOf(
    athleteId: string,
    names: () => Promise<ReadonlySet<string>>,
    untilMs: number,
  ): Promise<string[]> {
    const inDatabase = await database.read(rows.ofOwner.all({ athleteId, untilMs }));
    const stored = new Set([...inDatabase.map(({ sha256 }) => sha256), ...(await large.ofOwner(athleteId, untilMs))]);
    const named = await names();
    return [...stored].filter((sha256) => !named.has(sha256));
  }

  async function removeIfOld(key: BlobKey, untilMs: number): Promise<boolean> {
    const isRow = (await database.read(rows.find.get({ ...key }))) !== undefined;
    const gone = isRow ? await database.write(() => rows.removeIfOld.run({ ...key, untilMs })) : 0;
    return (await large.removeIfOld(key, untilMs)) || gone > 0;
  }

  return {
    put,
    putStream,
    async get(key) {
      checkKey(key.sha256);
      return (await database.read(rows.read.get({ ...key })))?.body ?? large.read(key);
    },
    async stream(key) {
      checkKey(key.sha256);
      const row = await database.read(rows.read.get({ ...key }));
      return row ? { bytes: row.body.length, body: Readable.from([row.body]) } : large.stream(key);
    },
    async has(key) {
      checkKey(key.sha256);
      return (await database.read(rows.find.get({ ...key }))) !== undefined || (await large.has(key));
    },
    async delete(key) {
      checkKey(key.sha256);
      await remove(key);
    },
    async keepOnly(athleteId, names, graceMs) {
      const untilMs = oldUntil(graceMs);
      let removed = 0;
      for (const sha256 of await unnamedOf(athleteId, names, untilMs)) {
        if (await removeIfOld({ athleteId, sha256 }, untilMs)) removed += 1;
      }
      return removed;
    },
    async unnamed(athleteId, names, graceMs) {
      return (await unnamedOf(athleteId, names, oldUntil(graceMs))).length;
    },
    async usage() {
      const inDatabase = (await database.read(rows.usage.get({})))!;
      const inFiles = await large.usage();
      return { blobs: inDatabase.blobs + inFiles.blobs, bytes: (inDatabase.bytes ?? 0) + inFiles.bytes };
    },
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Lets others have their turn: 64 MB take a tenth of a second. */
async function sha256InTurns(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(bytes)) {
    hash.update(chunk);
    await setImmediate();
  }
  return hash.digest('hex');
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** The hash becomes part of a path, and it comes from clients. */
function checkKey(sha256: string): void {
  if (SHA256_HEX.test(sha256)) return;
  throw new HubError('bad_request', {
    what: 'A blob was asked for by something that is no hash.',
    why: 'Blobs are named by the SHA-256 of their bytes, as 64 lower-case hex digits.',
    fix: 'Send the hash as it was given out.',
  });
}

function tooLarge(maxBytes: number): HubError {
  return new HubError('payload_too_large', {
    what: 'The bytes were not stored.',
    why: `They are more than the ${maxBytes} allowed here.`,
    fix: 'Send a smaller file.',
    details: { maxBytes },
  });
}
