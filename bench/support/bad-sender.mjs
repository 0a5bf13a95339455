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

/** @returns what ends it, and resolves when the last one was answered or cut off. */
export function keepSending({ requests, everyMs, isSlow }) {
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const sending = (async () => {
    const running = new Set();
    for (let at = 0; !over.signal.aborted; at++) {
      const each = requests[at % requests.length];
      const one = (isSlow ? drip : send)(each, over.signal).then(() => running.delete(one));
      running.add(one);
      // One large body at a time: the senders share the machine with what is measured.
      if (each.pieces) await one;
      await pause(everyMs);
    }
    await Promise.all(running);
  })();
  return {
    stop() {
      over.abort();
      return sending;
    },
  };
}
