/** Bytes that lie in a row when they are small and in the blob store when they are not. */
import { HubError } from '../error/hub-error.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { INLINE_BODY_BYTES } from './read-body.ts';

export interface StoredBytes {
  body: Uint8Array | null;
  blobSha256: string | null;
}

/** Puts large bytes away first, so that a row never names bytes that are not there. */
export async function putBytes(blobs: BlobStore, owner: string, bytes: Uint8Array): Promise<StoredBytes> {
  if (bytes.length <= INLINE_BODY_BYTES) return { body: bytes, blobSha256: null };
  return { body: null, blobSha256: await blobs.put(owner, bytes) };
}

/** @throws HubError `blob_missing`. */
export async function getBytes(blobs: BlobStore, owner: string, stored: StoredBytes): Promise<Uint8Array> {
  if (stored.body !== null) return stored.body;
  const bytes = stored.blobSha256 === null ? null : await blobs.get({ athleteId: owner, sha256: stored.blobSha256 });
  if (bytes !== null) return bytes;
  throw new HubError('blob_missing', {
    what: 'A stored body cannot be read.',
    why: 'Its bytes are not in the blob store any more.',
    fix: 'Restore the blob folder that belongs to this database, or let the provider send it again.',
  });
}
