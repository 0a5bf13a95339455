import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createHubClient } from './hub-client.ts';
import { within } from './within.ts';

let server: Server | null = null;
afterEach(() => server?.close());

/** A hub that answers everything alike. */
async function hubThatAnswers(status: number, body: string): Promise<string> {
  server = createServer((_, answer) => answer.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  [
    'the hub refuses fails with the hub’s own code and words',
    JSON.stringify({ code: 'not_found', detail: 'There is no activity "a".', fix: 'List them.' }),
    { code: 'not_found', why: 'There is no activity "a".', fix: 'List them.' },
  ],
  [
    'something else answers says that there is no reason',
    '<h1>Not here</h1>',
    { code: 'internal', why: 'The answer gives no reason.', fix: 'Look into the log of the hub.' },
  ],
])('a request that %s', async (_, body, story) => {
  const api = createHubClient({ url: await hubThatAnswers(404, body), token: 't' });
  await expect(api.get('/v1/objects/activity/a')).rejects.toMatchObject({
    what: 'GET /v1/objects/activity/a was answered 404.',
    ...story,
  });
});

it('work that takes too long fails with what it was', async () => {
  await expect(within(1, new Promise(() => undefined), 'The hub did not finish.')).rejects.toMatchObject({
    code: 'busy',
    what: 'The hub did not finish.',
  });
});
