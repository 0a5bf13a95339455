/** Reads a request's body within a limit: small ones to memory, large ones straight to the blob store. */
import { HubError } from '../error/hub-error.ts';
import { type BlobStore, INBOX_OWNER } from '../store/blob-store.ts';
import type { InboundRequest } from './hub.ts';

/** Bodies up to here lie in the delivery's row. */
export const INLINE_BODY_BYTES = 64 * 1024;
/** Bodies up to here are read to memory before they are stored. */
const MEMORY_BODY_BYTES = 1024 * 1024;

/** A body in memory, or the name of one in the blob store. */
export type ReadBody = { bytes: Uint8Array; sha256: null } | { bytes: null; sha256: string; length: number };

export function tooLarge(maxBytes: number): HubError {
  return new HubError('payload_too_large', {
    what: 'The body was not stored.',
    why: `It is larger than the ${maxBytes} bytes this route accepts.`,
    fix: 'Send less at once.',
    details: { maxBytes },
  });
}

async function* joined(first: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** @throws HubError `payload_too_large`. */
export async function readBody(request: InboundRequest, maxBytes: number, blobs: BlobStore): Promise<ReadBody> {
  if (request.contentLength !== null && request.contentLength > maxBytes) throw tooLarge(maxBytes);
  const { body } = request;
  if (body === null) return { bytes: new Uint8Array(0), sha256: null };
  if (body instanceof Uint8Array) {
    if (body.length > maxBytes) throw tooLarge(maxBytes);
    return { bytes: body, sha256: null };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const iterator = body[Symbol.asyncIterator]();
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    chunks.push(new Uint8Array(next.value));
    length += next.value.length;
    if (length > maxBytes) {
      // The rest of a refused body is not read.
      await iterator.return?.();
      throw tooLarge(maxBytes);
    }
    if (length > MEMORY_BODY_BYTES) {
      const stored = await blobs.putStream(INBOX_OWNER, joined(chunks, iterator), maxBytes);
      return { bytes: null, sha256: stored.sha256, length: stored.bytes };
    }
  }
  return { bytes: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks), sha256: null };
}
