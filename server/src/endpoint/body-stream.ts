import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { MessageChannel } from 'node:worker_threads';
import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';

/** Methods whose requests carry no body that means anything (RFC 9110, 9.3). */
const BODILESS = new Set(['GET', 'HEAD']);

/** What is sent to a closed port is gone. */
const nowhere = new MessageChannel().port1;
nowhere.close();

/**
 * The body as it comes in, or null where there is none; that of a large one gives way to short requests. A piece is good
 * until the next is asked for. Leaving it half read keeps the connection for the answer.
 */
export function bodyStream(c: Context<HubEnv>): AsyncIterable<Uint8Array> | null {
  if (BODILESS.has(c.req.method)) return null;
  const incoming = c.env?.incoming;
  const body = incoming === undefined ? c.req.raw.body : piecesOf(incoming);
  return body === null ? null : c.get('rightOfWay').givingWay(body);
}

/** Node's own stream: it is several times cheaper than its web form. */
async function* piecesOf(incoming: IncomingMessage): AsyncGenerator<Uint8Array> {
  if (incoming.closed) throw gaveUp();
  try {
    const events = on(incoming, 'data', { close: ['end', 'close'], highWaterMark: 1, lowWaterMark: 1 });
    for await (const [piece] of events as AsyncIterable<[Buffer]>) {
      yield piece;
      release(piece);
    }
  } finally {
    incoming.pause();
  }
  if (!incoming.complete) throw gaveUp();
}

function gaveUp(): Error {
  return new Error('The sender gave up before the end of the body.');
}

/**
 * Gives memory back at once. Left to the garbage collector, the pieces of a large body make it look through the whole
 * heap several times a second.
 */
function release(piece: Buffer): void {
  const { buffer } = piece;
  if (piece.byteLength === buffer.byteLength) nowhere.postMessage(null, [buffer as ArrayBuffer]);
}
