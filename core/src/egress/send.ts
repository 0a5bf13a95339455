/** One attempt: sends a request and reads the answer up to its cap, within its time. */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HubError } from '../error/hub-error.ts';
import { codeOf, shown, tooLarge, unavailable } from './refusals.ts';
import type { Method } from './request.ts';

export interface Sending {
  url: URL;
  agent: Agent;
  method: Method;
  headers: { [name: string]: string };
  body: Uint8Array | string | null;
  maxBytes: number;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  headers: { [name: string]: string };
  body: Uint8Array;
}

class TimeIsUp extends Error {}

/**
 * @throws HubError `provider_unavailable` (no answer, or none in time), `egress_refused`, `egress_too_large`; the
 *   reason of `signal` when that is aborted.
 */
export async function send(sending: Sending): Promise<Answer> {
  sending.signal?.throwIfAborted();
  const request = shown(sending.method, sending.url);
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new TimeIsUp()), sending.timeoutMs);
  const abort = () => ending.abort(sending.signal?.reason);
  sending.signal?.addEventListener('abort', abort, { once: true });
  try {
    const answer = await open(sending, ending.signal);
    const body = await readBody(answer, sending.maxBytes, request);
    return { status: answer.statusCode ?? 0, headers: flatHeaders(answer), body };
  } catch (error) {
    sending.signal?.throwIfAborted();
    if (error instanceof HubError) throw error;
    if (ending.signal.aborted) throw unavailable(request, `It took longer than ${sending.timeoutMs} ms.`);
    throw unavailable(request, `The connection failed (${codeOf(error) ?? 'no code'}).`, error);
  } finally {
    clearTimeout(timer);
    sending.signal?.removeEventListener('abort', abort);
  }
}

function open({ url, agent, method, headers, body }: Sending, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, { agent, method, headers, signal });
    // Stays attached: an error after the answer's head must not go unheard.
    request.on('error', reject);
    request.once('response', resolve);
    request.end(body ?? undefined);
  });
}

/** Counts what comes out of decompression, so a small answer cannot unpack into a large one. */
async function readBody(answer: IncomingMessage, maxBytes: number, request: string): Promise<Uint8Array> {
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
    answer.destroy();
    throw tooLarge(request, maxBytes);
  }
  const chunks: Uint8Array[] = [];
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(request, maxBytes);
      chunks.push(chunk);
    }
  };
  const decoder = decoderFor(answer.headers['content-encoding']);
  await (decoder ? pipeline(answer, decoder, collect) : pipeline(answer, collect));
  return Buffer.concat(chunks);
}

function decoderFor(encoding: string | undefined): Transform | null {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return null;
  }
}

function flatHeaders(answer: IncomingMessage): { [name: string]: string } {
  const entries = Object.entries(answer.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]);
  return Object.fromEntries(entries);
}
