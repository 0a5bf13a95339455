import { HubError } from '@coach-hub/core';
import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';
import { bodyStream } from './body-stream.ts';
import { contentLength } from './content-length.ts';

/**
 * Reads a body as it was sent, up to a limit.
 *
 * A declared length is judged before a byte is read. Where none is declared the body is counted while it comes.
 *
 * @throws HubError `payload_too_large`.
 */
export async function readBytes(c: Context<HubEnv>, maxBytes: number): Promise<Uint8Array> {
  const declared = contentLength(c);
  if (declared !== null && declared > maxBytes) throw tooLarge(maxBytes);
  // With a declared length the HTTP parser has already bounded it, and one read is the fast way.
  if (declared !== null) return new Uint8Array(await c.req.raw.arrayBuffer());
  const body = bodyStream(c);
  return body === null ? new Uint8Array() : collect(body, maxBytes);
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(new Uint8Array(chunk));
  }
  return Buffer.concat(chunks);
}

export function tooLarge(maxBytes: number): HubError {
  return new HubError('payload_too_large', {
    what: 'The body is too large.',
    why: `This route accepts ${maxBytes} bytes, also after decompression.`,
    fix: 'Send less at once.',
    details: { maxBytes },
  });
}
