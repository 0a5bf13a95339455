import { HubError } from '@coach-hub/core';
import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';
import { decompress } from './decompress.ts';
import { findJsonFault } from './json-fault.ts';
import { readBytes } from './read-bytes.ts';

/** Reads a JSON body. @throws HubError `bad_request` that says where it stops being JSON; `payload_too_large`. */
export async function readJson(c: Context<HubEnv>, maxBytes: number): Promise<unknown> {
  const sent = await readBytes(c, maxBytes);
  const text = decodeText(await decompress(sent, c.req.header('content-encoding'), maxBytes));
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold health values; ours tells the place alone.
    throw malformed(text);
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HubError(
      'bad_request',
      { what: 'The body cannot be read.', why: 'It is not UTF-8 text.', fix: 'Send JSON encoded as UTF-8.' },
      { cause },
    );
  }
}

function malformed(text: string): HubError {
  const fault = findJsonFault(text);
  const isEmpty = text.trim() === '';
  return new HubError('bad_request', {
    what: isEmpty ? 'The request has no body.' : 'The body is not JSON.',
    why:
      isEmpty || !fault
        ? 'This route expects a JSON object.'
        : `At line ${fault.line}, column ${fault.column}, JSON goes on with ${fault.expected}.`,
    fix: 'Correct the body and send it again.',
  });
}
