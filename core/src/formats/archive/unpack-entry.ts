/** The bytes of one entry of a zip: what its directory says of them is checked, never believed. */
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ArchiveWalk } from './archive-item.ts';
import { ArchiveRefusal, tooDense } from './archive-refusal.ts';
import { type ByteStream, collect, through } from './byte-stream.ts';
import type { ZipEntry } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;
/** A file of this size is unpacked in less time than it takes to ask another thread to do it. */
const AT_ONCE_BYTES = 256 * 1024;

/** @throws ArchiveRefusal; what zlib says of damaged bytes; the reason of the walk's signal. */
export async function* unpackEntry(entry: ZipEntry, walk: ArchiveWalk): ByteStream {
  refuseUnread(entry, walk);
  let bytes = 0;
  let check = 0;
  for await (const piece of unpacked(entry)) {
    walk.signal.throwIfAborted();
    bytes += piece.length;
    walk.budget.takeBytes(piece.length);
    if (bytes > entry.bytes) throw damaged('it is longer than the archive says');
    check = crc32(piece, check);
    yield piece;
  }
  if (bytes < entry.bytes) throw damaged('it is shorter than the archive says');
  if (check !== entry.crc32) throw damaged('its check sum is wrong');
}

async function* unpacked(entry: ZipEntry): ByteStream {
  const packed = await entry.open();
  if (entry.method === STORED) yield* packed;
  else if (Math.max(entry.bytes, entry.packedBytes) > AT_ONCE_BYTES) yield* through(packed, createInflateRaw());
  else {
    // One byte more than stated is enough to tell a lie.
    yield inflateRawSync(await collect(packed, entry.packedBytes), { maxOutputLength: entry.bytes + 1 });
  }
}

/** What the directory already tells. */
function refuseUnread(entry: ZipEntry, { limits }: ArchiveWalk): void {
  if (entry.isEncrypted) throw new ArchiveRefusal('archive_encrypted', 'It is encrypted.');
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    const what = `It is packed by method ${entry.method}; only deflate can be unpacked.`;
    throw new ArchiveRefusal('archive_method', what);
  }
  if (entry.bytes > limits.ratioFromBytes && entry.bytes > entry.packedBytes * limits.ratio) {
    throw tooDense(limits.ratio);
  }
}

function damaged(why: string): ArchiveRefusal {
  return new ArchiveRefusal('archive_damaged', `It is damaged and cannot be unpacked: ${why}.`);
}
