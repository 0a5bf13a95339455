import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { HubError } from '@coach-hub/core';
import { tooLarge } from './read-bytes.ts';

const DECODERS = { gzip: promisify(gunzip), br: promisify(brotliDecompress) } as const;

/**
 * Undoes `Content-Encoding`. The work runs off the event loop and stops at the limit, so a small body cannot grow into
 * one that fills the memory.
 *
 * @throws HubError `payload_too_large`; `bad_request` for an encoding we do not read, or bytes that are not in it.
 */
export async function decompress(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return bytes;
  if (!isKnown(encoding)) throw unreadable('Its Content-Encoding is neither gzip nor br.');
  const decoded = DECODERS[encoding](bytes, { maxOutputLength: maxBytes });
  return decoded.catch((error) => Promise.reject(decodeFailure(error, encoding, maxBytes)));
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}

function decodeFailure(error: NodeJS.ErrnoException, encoding: string, maxBytes: number): HubError {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
  return unreadable(`Its Content-Encoding says ${encoding}, but the bytes are not.`, error);
}

function unreadable(why: string, cause?: unknown): HubError {
  return new HubError(
    'bad_request',
    { what: 'The body cannot be read.', why, fix: 'Send it with gzip, br or no encoding.' },
    { cause },
  );
}
