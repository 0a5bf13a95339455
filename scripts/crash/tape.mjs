/**
 * Stands between hub and vendor and remembers what was fetched, so that a second hub, which is told the same, fetches
 * the same: an address of a file works once.
 */
import { createServer } from 'node:http';

const FETCHED = /^\/wellness-api\/rest\/(activityFile|activities|activityDetails|manuallyUpdatedActivities)\?/;

export async function startTape(vendorUrl) {
  const taped = new Map();
  let isReplaying = false;

  async function answer(request, response) {
    const { url, method } = request;
    const known = isReplaying ? taped.get(url) : undefined;
    if (known !== undefined) return send(response, 200, known);
    const body = await bytesOf(request);
    const passed = await fetch(`${vendorUrl}${url}`, {
      method,
      headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name))),
      ...(body.length > 0 && { body }),
    });
    const bytes = Buffer.from(await passed.arrayBuffer());
    const kept = { type: passed.headers.get('content-type') ?? 'application/octet-stream', bytes };
    if (passed.status === 200 && FETCHED.test(url)) taped.set(url, kept);
    send(response, passed.status, kept);
  }

  const server = createServer((request, response) => {
    // Whoever asked may have been killed meanwhile.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** From now on what was fetched before is answered from memory. */
    replay() {
      isReplaying = true;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const HOP_BY_HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

function send(response, status, { type, bytes }) {
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
