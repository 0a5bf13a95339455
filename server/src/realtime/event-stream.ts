import type { Clock, SyncService } from '@coach-hub/core';
import { pokeThrottle } from './poke-throttle.ts';
import type { Admission } from './ticket-book.ts';

/** Proxies cut connections that are silent for a minute or less. */
const HEARTBEAT_MS = 25_000;

/** Time the app has to get a fresh token before the stream ends with the old one. */
const REAUTH_AHEAD_MS = 30_000;

/** However long a token lasts: a stream that nobody renews is ended within a day. */
const MAX_STREAM_MS = 24 * 60 * 60 * 1_000;

/** How soon a client reconnects, ms. */
const RECONNECT_MS = 3_000;

/** Messages kept for a client that does not read; after that the stream is ended and the app connects again. */
const MAX_UNREAD = 64;

export interface EventStreamOptions {
  sync: Pick<SyncService, 'head' | 'subscribe'>;
  clock: Clock;
  admission: Admission;
  /** Aborted when the server begins to close. */
  closing: AbortSignal | undefined;
}

/**
 * The event stream of one client: pokes that say which rev is the newest, and carry no data.
 *
 * It listens before it reads the rev, so a commit between the two is not missed, and tells the rev at once, which closes
 * the gap between the client's last pull and this moment. Every way to the end runs through `end`: the client leaves,
 * the token ends, the server closes (with a `bye`, so that the app knows it is not its token), nobody reads.
 */
export async function eventStream({
  sync,
  clock,
  admission,
  closing,
}: EventStreamOptions): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const timers: NodeJS.Timeout[] = [];
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let newestRev = -1;

  const send = (message: string) => {
    controller?.enqueue(encoder.encode(`${message}\n\n`));
    if (controller !== null && (controller.desiredSize ?? 0) < -MAX_UNREAD) end();
  };
  const pokes = pokeThrottle((rev) => send(`event: poke\nid: ${rev}\ndata: ${JSON.stringify({ rev })}`));
  const unsubscribe = sync.subscribe(admission.athleteId, (rev) => {
    newestRev = Math.max(newestRev, rev);
    if (controller !== null) pokes.offer(newestRev);
  });
  const end = () => {
    release();
    controller?.close();
    controller = null;
  };
  const sayBye = () => {
    send('event: bye\ndata: {}');
    end();
  };
  const release = () => {
    unsubscribe();
    pokes.stop();
    for (const timer of timers) clearTimeout(timer);
    closing?.removeEventListener('abort', sayBye);
  };

  const { rev } = await sync.head(admission.athleteId).catch((error) => {
    release();
    throw error;
  });
  return new ReadableStream<Uint8Array>({
    start(started) {
      controller = started;
      const now = clock.now();
      const endsAtMs = Math.min(admission.tokenEndsAtMs, now + MAX_STREAM_MS);
      send(`retry: ${RECONNECT_MS}`);
      pokes.offer(Math.max(rev, newestRev));
      timers.push(setInterval(() => send(': still here'), HEARTBEAT_MS));
      timers.push(setTimeout(() => send('event: reauth\ndata: {}'), Math.max(0, endsAtMs - REAUTH_AHEAD_MS - now)));
      timers.push(setTimeout(end, Math.max(0, endsAtMs - now)));
      closing?.addEventListener('abort', sayBye, { once: true });
      if (closing?.aborted) sayBye();
    },
    cancel() {
      controller = null;
      release();
    },
  });
}
