/** The bytes of one entry of a zip: what its directory says of them is checked, never believed. */
import { crc32, createInflateRaw } from 'node:zlib';
import type { ArchiveWalk } from './archive-item.ts';
import { ArchiveRefusal, tooDense } from './archive-refusal.ts';
import { type ByteStream, through } from './byte-stream.ts';
import type { ZipEntry } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;

/** @throws ArchiveRefusal; what zlib says of damaged bytes; the reason of the walk's signal. */
export async function* unpackEntry(entry: ZipEntry, walk: ArchiveWalk): ByteStream {
  refuseUnread(entry, walk);
  const packed = await entry.open();
  const stream = entry.method === STORED ? packed : through(packed, createInflateRaw());
  let bytes = 0;
  let check = 0;
  for await (const piece of stream) {
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
