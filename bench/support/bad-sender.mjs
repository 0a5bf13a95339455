/** Senders of bad requests, one after the other until they are told to stop. */

import { setMaxListeners } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const PIECE = Buffer.alloc(64 * 1024, 0x20);
const DRIP_MS = 100;

/** One request, its bytes as they are; resolves to the status, or to null where the connection was cut or the sender gave up. */
function send({ port, method = 'POST', path, headers = {}, body = null, pieces = 0 }, signal) {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false, signal }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode));
    });
    sent.on('error', () => resolve(null));
    let left = pieces;
    const next = () => {
      while (left > 0 && !sent.destroyed) {
        left -= 1;
        if (!sent.write(PIECE)) return sent.once('drain', next);
      }
      sent.end(body);
    };
    next();
  });
}

/** A sender that gives a byte now and then until it is cut off. */
function drip({ port, path }, signal) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100000\r\n\r\n`);
    });
    const timer = setInterval(() => socket.writable && socket.write(' '), DRIP_MS);
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    socket.on('error', () => {}).resume();
    socket.once('close', () => {
      clearInterval(timer);
      resolve(null);
    });
  });
}

/**
 * @param sending `{ requests, everyMs, isSlow, sent }`; `requests` give what is sent the `at`th time, and `sent` counts on
 * from one call to the next, so that nothing is sent twice.
 * @returns what ends it, and resolves when the last one was answered or cut off; rejects when one was answered otherwise
 * than expected.
 */
export function keepSending(sending) {
  const { requests, everyMs, isSlow } = sending;
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const work = (async () => {
    const running = new Set();
    const wrong = [];
    while (!over.signal.aborted) {
      const at = sending.sent++;
      const each = requests[at % requests.length](at);
      const one = (isSlow ? drip : send)(each, over.signal).then((status) => {
        running.delete(one);
        if (status !== null && status !== each.expected) wrong.push(`${each.path.slice(0, 20)}… ${status}`);
      });
      running.add(one);
      // One large body at a time: the senders share the machine with what is measured.
      if (each.pieces) await one;
      await pause(everyMs);
    }
    await Promise.all(running);
    if (wrong.length > 0) throw new Error(`Bad requests were answered otherwise than expected: ${wrong.join(', ')}`);
  })();
  work.catch(() => undefined);
  return {
    stop() {
      over.abort();
      return work;
    },
  };
}
