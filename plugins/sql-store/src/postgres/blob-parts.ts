/**
 * Large bytes as rows of 256 KiB. Parts are written under a draft's name; one row gives them their key, so they appear
 * whole or not at all. What a crash leaves are drafts without a key, which a later start removes.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobKey, HubError, type Log } from '@coach-hub/core';
import { ABANDONED_AFTER_MS, type Draft, type LargeBlobs, VERIFY_BELOW_BYTES } from '../blobs/large-blobs.ts';
import type { Database } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import { randomId } from '../random-id.ts';
import { partStatements } from './part-rows.ts';

const PART_BYTES = 256 * 1024;
const DRAFT_CHARS = 20;

export interface BlobPartsDeps {
  database: Database;
  now: () => number;
  random: () => number;
  log: Log;
}

export function createBlobParts({ database, now, random, log }: BlobPartsDeps): LargeBlobs {
  const rows = partStatements(database.prepare);
  let begun = 0;

  async function begin(): Promise<Draft> {
    const draft = `${randomId(random, DRAFT_CHARS)}-${begun++}`;
    const held = Buffer.allocUnsafeSlow(PART_BYTES);
    let heldBytes = 0;
    let part = 0;
    let bytes = 0;
    await database.write(() => rows.beginDraft.run({ draft, nowMs: now() }));

    async function flush(): Promise<void> {
      if (heldBytes === 0) return;
      const body = held.subarray(0, heldBytes);
      await database.write(function* () {
        yield* rows.insertPart.run({ draft, part, body });
        yield* rows.touchDraft.run({ draft, nowMs: now() });
      });
      part += 1;
      heldBytes = 0;
    }

    return {
      async write(chunk) {
        bytes += chunk.length;
        for (let at = 0; at < chunk.length; ) {
          const taken = Math.min(chunk.length - at, PART_BYTES - heldBytes);
          held.set(chunk.subarray(at, at + taken), heldBytes);
          heldBytes += taken;
          at += taken;
          if (heldBytes === PART_BYTES) await flush();
        }
      },
      async keep(key) {
        try {
          await flush();
          await database.write(() => keep(key, draft, bytes));
        } catch (error) {
          await drop(draft);
          throw error;
        }
      },
      drop: () => drop(draft),
    };
  }

  /** Whoever reads the bytes stored under the key before may still be at it: while they are whole they stay. */
  function* keep(key: BlobKey, draft: string, bytes: number): Flow<void> {
    const stored = yield* rows.hold.get({ ...key });
    const isWhole = stored && stored.bytes === bytes && (yield* isUndamaged(key, stored));
    const unwanted = isWhole ? draft : stored?.draft;
    yield* rows.save.run({ ...key, draft: isWhole ? stored.draft : draft, bytes, nowMs: now() });
    if (unwanted !== undefined) yield* rows.removeParts.run({ draft: unwanted });
    yield* rows.endDraft.run({ draft });
  }

  async function drop(draft: string): Promise<void> {
    await database.write(function* () {
      yield* rows.removeParts.run({ draft });
      yield* rows.endDraft.run({ draft });
    });
  }

  function* isUndamaged({ sha256 }: BlobKey, { draft, bytes }: { draft: string; bytes: number }): Flow<boolean> {
    if ((yield* rows.partBytes.get({ draft }))?.bytes !== bytes) return false;
    return bytes >= VERIFY_BELOW_BYTES || hashOf(yield* allOf(draft)) === sha256;
  }

  function* allOf(draft: string): Flow<Uint8Array> {
    return Buffer.concat((yield* rows.parts.all({ draft })).map(({ body }) => body));
  }

  function* readWhole(key: BlobKey): Flow<Uint8Array | null> {
    const stored = yield* rows.find.get({ ...key });
    if (!stored) return null;
    const bytes = yield* allOf(stored.draft);
    const isWhole = bytes.length === stored.bytes;
    if (isWhole && (bytes.length >= VERIFY_BELOW_BYTES || hashOf(bytes) === key.sha256)) return bytes;
    log.error('stored bytes are damaged', { sha256: key.sha256 });
    return null;
  }

  async function* partsOf(draft: string, bytes: number): AsyncGenerator<Uint8Array> {
    let sent = 0;
    for (let part = 0; sent < bytes; part++) {
      const row = await database.read(rows.part.get({ draft, part }));
      if (!row) throw removedMeanwhile();
      sent += row.body.length;
      yield row.body;
    }
  }

  /** Those of a statement that answers whose parts are to go. */
  function* removeWith(removed: Flow<{ draft: string } | undefined>): Flow<boolean> {
    const gone = yield* removed;
    if (gone) yield* rows.removeParts.run(gone);
    return gone !== undefined;
  }

  function* isWhole(key: BlobKey, bytes: number): Flow<boolean> {
    const stored = yield* rows.find.get({ ...key });
    return stored !== undefined && stored.bytes === bytes && (yield* isUndamaged(key, stored));
  }

  return {
    begin,
    read: (key) => database.snapshot(readWhole(key)),
    async stream(key) {
      const stored = await database.read(rows.find.get({ ...key }));
      return stored ? { bytes: stored.bytes, body: Readable.from(partsOf(stored.draft, stored.bytes)) } : null;
    },
    async has(key) {
      return (await database.read(rows.find.get({ ...key }))) !== undefined;
    },
    isWhole: (key, bytes) => database.snapshot(isWhole(key, bytes)),
    async touch(key) {
      return (await database.write(() => rows.touch.run({ ...key, nowMs: now() }))) > 0;
    },
    async remove(key) {
      await database.write(() => removeWith(rows.remove.get({ ...key })));
    },
    removeIfOld: (key, untilMs) => database.write(() => removeWith(rows.removeIfOld.get({ ...key, untilMs }))),
    async ofOwner(athleteId, untilMs) {
      return (await database.read(rows.ofOwner.all({ athleteId, untilMs }))).map(({ sha256 }) => sha256);
    },
    async usage() {
      return usageIn(await database.read(rows.usage.get({})));
    },
    async usageOf(athleteId) {
      return usageIn(await database.read(rows.usageOf.get({ athleteId })));
    },
    async sweep(isAlone) {
      const beforeMs = isAlone ? Number.MAX_SAFE_INTEGER : now() - ABANDONED_AFTER_MS;
      for (const { draft } of await database.read(rows.abandoned.all({ beforeMs }))) await drop(draft);
    },
  };
}

function usageIn(row: { blobs: number; bytes: number | null } | undefined): { blobs: number; bytes: number } {
  return { blobs: row?.blobs ?? 0, bytes: row?.bytes ?? 0 };
}

function removedMeanwhile(): HubError {
  return new HubError('blob_missing', {
    what: 'The rest of the bytes cannot be sent.',
    why: 'They were removed while they were read.',
    fix: 'Ask again; when they are missing then, whoever they belong to has had them erased.',
  });
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
