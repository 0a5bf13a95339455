/**
 * Good requests at a steady pace, from a thread of its own: each leaves at its time whether the one before was answered
 * or not, as those of many phones and vendors do. Answers how long each took, ms.
 */
import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** @returns ms from the moment it was to leave to the last byte of the answer. */
function send(port, { method, path, headers, body, expected }, dueMs) {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume().once('end', () => {
        if (expected.includes(answer.statusCode)) resolve(performance.now() - dueMs);
        else reject(new Error(`${method} ${path.split('/').slice(0, 3).join('/')} was answered ${answer.statusCode}`));
      });
    });
    sent.once('error', reject).end(body);
  });
}

parentPort.on('message', async ({ port, requests, perSecond, durationMs }) => {
  const startedMs = performance.now();
  const count = Math.round((durationMs / 1_000) * perSecond);
  try {
    const sent = [];
    for (let at = 0; at < count; at++) {
      const dueMs = startedMs + (at * 1_000) / perSecond;
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
      // The timer is late by up to a millisecond or two; that is the sender's, not the server's.
      sent.push(send(port, requests[at % requests.length], Math.max(dueMs, performance.now())));
    }
    parentPort.postMessage({ tookMs: await Promise.all(sent) });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
