/** Sends one prepared request over and over on a number of connections, from a thread of its own. */
import { connect } from 'node:net';
import { parentPort } from 'node:worker_threads';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Sends on one connection until no request is left. Answers are read by their Content-Length. */
function drive(port, request, take) {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, next);
    function next() {
      if (take()) socket.write(request);
      else socket.end(resolve);
    }
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf(HEAD_END);
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      if (!head.startsWith('HTTP/1.1 200')) return reject(new Error(head.split('\r\n')[0]));
      received = received.subarray(end + 4 + length);
      next();
    });
    socket.on('error', reject);
  });
}

parentPort.on('message', async ({ port, path, body, headers, requests, connections }) => {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, 'content-length': body.length, ...headers });
  const head = `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), Buffer.from(body)]);
  let left = requests;
  const take = () => left-- > 0;
  const startedAtMs = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, () => drive(port, request, take)));
    parentPort.postMessage({ seconds: (performance.now() - startedAtMs) / 1_000 });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
