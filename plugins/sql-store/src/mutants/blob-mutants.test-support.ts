import { createHash } from 'node:crypto';
import type { BlobStore } from '@coach-hub/core';
import type { Killers, Mutant } from './mutant.test-support.ts';

function keeping(over: (real: BlobStore) => Partial<BlobStore>): Mutant {
  return { blobs: over };
}

async function collected(stream: AsyncIterable<Uint8Array>, limit = Number.POSITIVE_INFINITY): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of stream) if (pieces.length < limit) pieces.push(piece);
  } catch {
    // What came before the stream broke off.
  }
  return pieces;
}

export const blobKillers: Killers = {
  'blob: bytes are there after reopening, under their hash': keeping((real) => ({
    put: (athleteId, bytes) => real.put(athleteId, bytes.subarray(0, 65_536)),
  })),
  'blob: a stream is stored as its bytes are': keeping((real) => ({
    putStream: async (athleteId, stream, maxBytes) =>
      real.putStream(athleteId, (await collected(stream, 1)) as never, maxBytes),
  })),
  'blob: bytes are read as a stream': keeping((real) => ({
    async stream(key) {
      const read = await real.stream(key);
      read?.body.destroy();
      return read && { ...read, bytes: read.bytes + 1 };
    },
  })),
  'blob: storing the same again is a no-op': keeping((real) => {
    let copies = 0;
    return { put: (athleteId, bytes) => real.put(`${athleteId}-${copies++}`, bytes) };
  }),
  'blob: a blob is one athlete’s': keeping((real) => ({
    get: ({ sha256 }) => real.get({ athleteId: 'ath_1', sha256 }),
  })),
  'blob: nothing stays of a stream that is too large': keeping((real) => ({
    putStream: (athleteId, stream) => real.putStream(athleteId, stream, Number.POSITIVE_INFINITY),
  })),
  'blob: nothing stays of a stream that breaks off': keeping((real) => ({
    async putStream(athleteId, stream) {
      const sha256 = await real.put(athleteId, Buffer.concat(await collected(stream)));
      return { sha256, bytes: 1 };
    },
  })),
  'blob: what nobody names any more goes, of one owner alone': keeping((real) => ({
    keepOnly: (athleteId) => real.keepOnly(athleteId, async () => new Set()),
  })),
  'blob: what was put a moment ago stays though nobody names it yet, and so does what was put again': keeping(
    (real) => ({
      async put(athleteId, bytes) {
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return (await real.has({ athleteId, sha256 })) ? sha256 : real.put(athleteId, bytes);
      },
    }),
  ),
  'blob: what is deleted is gone': keeping(() => ({ delete: async () => {} })),
  'blob: a name that is no hash is refused': keeping((real) => ({ get: (key) => real.get(key).catch(() => null) })),
};
