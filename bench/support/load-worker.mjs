/**
 * Sends one prepared request over and over on a number of connections, from a thread of its own. The connections are
 * kept from round to round, as a provider keeps them.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { parentPort } from 'node:worker_threads';

const OK = Buffer.from('HTTP/1.1 200 ');
const sockets = new Map();

/** Open connections to a port: those of earlier rounds, and new ones for any that were closed meanwhile. */
async function connected(port, count) {
  const open = (sockets.get(port) ?? []).filter((socket) => socket.readyState === 'open');
  while (open.length < count) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    open.push(socket);
  }
  sockets.set(port, open);
  return open;
}

/** Bytes of the answer that begins here, or null while its head is not there. */
function answerLength(received) {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  return end + 4 + Number(/content-length: (\d+)/i.exec(received.toString('latin1', 0, end))?.[1] ?? 0);
}

/**
 * Sends on one connection until no request is left. Every answer's status is looked at. All answers to one request are
 * of one length, so that is read from the first: the sender shares the machine with what it measures.
 */
function drive(socket, request, take) {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let length = null;
    const end = (settle, value) => {
      socket.removeListener('data', onData).removeListener('close', onClose);
      settle(value);
    };
    const onClose = () => end(reject, new Error('The server closed a connection.'));
    const next = () => (take() ? socket.write(request) : end(resolve));
    const onData = (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (received.length >= OK.length && OK.compare(received, 0, OK.length) !== 0)
        return end(reject, new Error(received.toString('latin1').split('\r\n')[0]));
      length ??= answerLength(received);
      if (length === null || received.length < length) return;
      if (received.length > length) return end(reject, new Error('An answer was longer than the first one.'));
      received = received.subarray(length);
      next();
    };
    socket.on('data', onData).on('close', onClose);
    next();
  });
}

parentPort.on('message', async ({ port, path, body, headers, requests, connections }) => {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, 'content-length': body.length, ...headers });
  const head = `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), Buffer.from(body)]);
  let left = requests;
  const take = () => left-- > 0;
  try {
    const open = await connected(port, connections);
    const startedAtMs = performance.now();
    await Promise.all(open.map((socket) => drive(socket, request, take)));
    parentPort.postMessage({ seconds: (performance.now() - startedAtMs) / 1_000 });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
