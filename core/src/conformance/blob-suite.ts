/** The laws of a BlobStore. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type BlobStore, INBOX_OWNER } from '../store/blob-store.ts';
import type { Law } from './law.ts';
import { refusedWith } from './store/expectations.ts';
import { ATHLETE, OTHER_ATHLETE } from './store/samples.ts';
import { type Bench, lawIn, type NewPlace } from './store/store-place.ts';

/** Below and above the size at which stores change the way they keep bytes; and above what is read in one piece. */
const SIZES = [0, 1, 65_536, 65_537, 1_500_000];

/** Everything a BlobStore owes its callers. */
export function blobLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) => lawIn(newPlace, `blob: ${name}`, body);

  return [
    law('bytes are there after reopening, under their hash', async ({ blobs, reopen }) => {
      const hashes = new Map<number, string>();
      for (const size of SIZES) hashes.set(size, await blobs.put(ATHLETE, bytesOf(size)));
      const again = (await reopen()).blobs;
      for (const size of SIZES) {
        const key = { athleteId: ATHLETE, sha256: sha256Of(bytesOf(size)) };
        assert.equal(hashes.get(size), key.sha256);
        assert.equal(await again.has(key), true);
        assertSame(await again.get(key), bytesOf(size));
      }
    }),

    law('a stream is stored as its bytes are', async ({ blobs }) => {
      for (const size of SIZES) {
        const stored = await blobs.putStream(ATHLETE, inPieces(bytesOf(size), 10_007), size);
        assert.deepEqual(stored, { sha256: sha256Of(bytesOf(size)), bytes: size });
        assertSame(await blobs.get({ athleteId: ATHLETE, sha256: stored.sha256 }), bytesOf(size));
      }
    }),

    law('bytes are read as a stream', async ({ blobs }) => {
      for (const size of SIZES) {
        const sha256 = await blobs.put(ATHLETE, bytesOf(size));
        const read = await blobs.stream({ athleteId: ATHLETE, sha256 });
        assert.equal(read?.bytes, size);
        const pieces: Uint8Array[] = [];
        for await (const piece of read!.body) pieces.push(piece as Uint8Array);
        assertSame(Buffer.concat(pieces), bytesOf(size));
      }
    }),

    law('storing the same again is a no-op', async ({ blobs }) => {
      for (const size of [100, 100_000]) {
        await Promise.all([1, 2, 3].map(() => blobs.put(ATHLETE, bytesOf(size))));
        await blobs.putStream(ATHLETE, inPieces(bytesOf(size), 999), size);
      }
      assert.deepEqual(await blobs.usage(), { blobs: 2, bytes: 100_100 });
    }),

    law('what nobody names any more goes, of one owner alone', async ({ blobs }) => {
      const sizes = [100, 200, 100_000, 200_000];
      for (const owner of [ATHLETE, OTHER_ATHLETE]) for (const size of sizes) await blobs.put(owner, bytesOf(size));
      const named = new Set([100, 100_000].map((size) => sha256Of(bytesOf(size))));
      assert.equal(await blobs.keepOnly(ATHLETE, async () => named), 2);
      for (const [at, size] of sizes.entries()) {
        const sha256 = sha256Of(bytesOf(size));
        assert.equal(await blobs.has({ athleteId: ATHLETE, sha256 }), at % 2 === 0);
        assert.equal(await blobs.has({ athleteId: OTHER_ATHLETE, sha256 }), true);
      }
    }),

    law('what was put a moment ago stays though nobody names it yet, and so does what was put again', async (bench) => {
      const { blobs, clock, openBeside } = bench;
      const graceMs = 3_600_000;
      const nobody = async () => new Set<string>();
      const sizes = [100, 100_000];
      for (const size of [...sizes, 200, 200_000]) await blobs.put(ATHLETE, bytesOf(size));
      assert.equal(await blobs.unnamed(ATHLETE, nobody, graceMs), 0);
      assert.equal(await blobs.keepOnly(ATHLETE, nobody, graceMs), 0);
      await clock.advance(graceMs + 1_000);
      // Another process is about to name them, which it has not done yet.
      const other = (await openBeside()).blobs;
      for (const size of sizes) await other.put(ATHLETE, bytesOf(size));
      assert.equal(await blobs.unnamed(ATHLETE, nobody, graceMs), 2);
      assert.equal(await blobs.keepOnly(ATHLETE, nobody, graceMs), 2);
      for (const size of sizes)
        assertSame(await blobs.get({ athleteId: ATHLETE, sha256: sha256Of(bytesOf(size)) }), bytesOf(size));
      assert.equal(await blobs.keepOnly(ATHLETE, nobody), 2);
    }),

    law('a blob is one athlete’s', async ({ blobs }) => {
      for (const size of [100, 100_000]) {
        const sha256 = await blobs.put(ATHLETE, bytesOf(size));
        await blobs.put(INBOX_OWNER, bytesOf(size));
        const foreign = { athleteId: OTHER_ATHLETE, sha256 };
        assert.equal(await blobs.get(foreign), null);
        assert.equal(await blobs.stream(foreign), null);
        assert.equal(await blobs.has(foreign), false);
        await blobs.delete({ athleteId: INBOX_OWNER, sha256 });
        assert.equal(await blobs.has({ athleteId: ATHLETE, sha256 }), true);
      }
    }),

    law('nothing stays of a stream that is too large', async ({ blobs }) => {
      for (const size of [101, 100_001, 1_500_000]) {
        const read = { pieces: 0 };
        const asked = blobs.putStream(ATHLETE, inPieces(bytesOf(size), 1_000, read), 100);
        await refusedWith('payload_too_large', asked);
        assert.ok(read.pieces <= 2, 'the rest is not read');
        await refusedWith('payload_too_large', blobs.putStream(ATHLETE, inPieces(bytesOf(size), 1_000), size - 1));
      }
      assert.deepEqual(await blobs.usage(), { blobs: 0, bytes: 0 });
    }),

    law('nothing stays of a stream that breaks off', async ({ blobs }) => {
      for (const size of [500, 200_000]) {
        const asked = blobs.putStream(ATHLETE, breakingOff(bytesOf(size)), 1_000_000);
        await assert.rejects(asked, /connection lost/);
      }
      assert.deepEqual(await blobs.usage(), { blobs: 0, bytes: 0 });
    }),

    law('what is deleted is gone', async ({ blobs }) => {
      for (const size of [100, 100_000]) {
        const key = { athleteId: ATHLETE, sha256: await blobs.put(ATHLETE, bytesOf(size)) };
        await blobs.delete(key);
        await blobs.delete(key);
        assert.deepEqual([await blobs.has(key), await blobs.get(key), await blobs.stream(key)], [false, null, null]);
        await blobs.put(ATHLETE, bytesOf(size));
        assert.equal(await blobs.has(key), true);
        await blobs.delete(key);
      }
      assert.deepEqual(await blobs.usage(), { blobs: 0, bytes: 0 });
    }),

    law('a name that is no hash is refused', async ({ blobs }) => {
      const names = ['', '../../coach.db', 'A'.repeat(64), `${'a'.repeat(63)}/`];
      const calls: ((blobs: BlobStore, sha256: string) => Promise<unknown>)[] = [
        (each, sha256) => each.get({ athleteId: ATHLETE, sha256 }),
        (each, sha256) => each.stream({ athleteId: ATHLETE, sha256 }),
        (each, sha256) => each.has({ athleteId: ATHLETE, sha256 }),
        (each, sha256) => each.delete({ athleteId: ATHLETE, sha256 }),
      ];
      for (const name of names) for (const call of calls) await refusedWith('bad_request', call(blobs, name));
    }),
  ];
}

/** Bytes that differ by size and place. */
function bytesOf(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8) + size) & 0xff;
  return bytes;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** As a server gives them: a piece is gone when the next is asked for. */
async function* inPieces(bytes: Uint8Array, size: number, read = { pieces: 0 }): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    read.pieces += 1;
    const piece = bytes.slice(at, at + size);
    yield piece;
    piece.fill(0);
  }
}

async function* breakingOff(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('connection lost');
}

/** Compared as buffers: a comparison of a million numbers one by one takes seconds. */
function assertSame(actual: Uint8Array | null, expected: Uint8Array): void {
  assert.ok(actual && Buffer.from(actual).equals(expected), 'the bytes are the same');
}
