import { HubError, type InboundRequest, type WebhookAnswer } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { testServer } from '../testing/test-server.test-support.ts';

async function deliver(path: string, init: RequestInit, answer: WebhookAnswer = { status: 200 }) {
  const seen: { plugin: string; secret: string | null; request: InboundRequest; text: string }[] = [];
  const { app } = testServer({
    inbox: {
      async accept(plugin, secret, request) {
        seen.push({ plugin, secret, request, text: await textOf(request.body) });
        return answer;
      },
    },
  });
  const response = await app.request(path, init);
  return { response, seen: seen[0] };
}

async function textOf(body: InboundRequest['body']): Promise<string> {
  if (body === null) return '';
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a notification', () => {
  it('reaches the inbox as it came', async () => {
    const { seen } = await deliver('/webhooks/garmin/s3cret?type=ping&type=2', {
      method: 'POST',
      headers: { 'X-Signature': 'abc', 'content-length': '11' },
      body: '{"a": [1] }',
    });
    expect(seen).toMatchObject({
      plugin: 'garmin',
      secret: 's3cret',
      text: '{"a": [1] }',
      request: { method: 'POST', query: { type: 'ping' }, contentLength: 11 },
    });
    expect(seen?.request.headers.get('x-signature')).toBe('abc');
  });

  it('that is small comes as bytes, a larger one or one of unknown length as a stream', async () => {
    const large = 'x'.repeat(70_000);
    const small = await deliver('/webhooks/stride', { method: 'POST', headers: { 'content-length': '2' }, body: '{}' });
    const unknown = await deliver('/webhooks/stride', { method: 'POST', body: '{}' });
    const big = await deliver('/webhooks/stride', {
      method: 'POST',
      headers: { 'content-length': '70000' },
      body: large,
    });
    const isStream = ({ seen }: typeof small) => Symbol.asyncIterator in Object(seen?.request.body);
    expect(small.seen?.request.body).toBeInstanceOf(Uint8Array);
    expect([small, unknown, big].map(isStream)).toEqual([false, true, true]);
    expect([small.seen?.text, unknown.seen?.text, big.seen?.text]).toEqual(['{}', '{}', large]);
  });

  it('that declares more than an adapter takes can be refused unread', async () => {
    let isRead = false;
    const body = new ReadableStream(
      {
        pull() {
          isRead = true;
        },
      },
      { highWaterMark: 0 },
    );
    const { app } = testServer({
      inbox: {
        accept: async (_plugin, _secret, { contentLength }) => {
          throw new HubError('payload_too_large', {
            what: 'Too large.',
            why: `${contentLength} bytes.`,
            fix: 'Send less.',
          });
        },
      },
    });
    const init = { method: 'POST', headers: { 'content-length': '200000000' }, body, duplex: 'half' } as RequestInit;
    const response = await app.request('/webhooks/garmin/s3cret', init);
    expect([response.status, isRead]).toEqual([413, false]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('may come by %s', async (method) => {
    const { seen } = await deliver('/webhooks/stride?challenge=1', { method });
    expect(seen).toMatchObject({
      plugin: 'stride',
      secret: null,
      text: '',
      request: { method, query: { challenge: '1' } },
    });
  });
});

describe('the answer to a notification', () => {
  it('is the adapter’s own', async () => {
    const answer = {
      status: 202,
      headers: { 'Content-Type': 'application/json', 'X-Echo': '7' },
      body: '{"hub.challenge":"x"}',
    };
    const { response } = await deliver('/webhooks/stride', { method: 'POST', body: '{}' }, answer);
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('x-echo'),
      await response.text(),
    ]).toEqual([202, 'application/json', '7', '{"hub.challenge":"x"}']);
  });

  it.each([200, 204])('may be the status %d and nothing else', async (status) => {
    const { response } = await deliver('/webhooks/stride', { method: 'POST', body: '{}' }, { status });
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('is 404 where the secret is wrong, and 503 where it could not be stored, so that the provider sends it again', async () => {
    const failing = (code: 'not_found' | 'busy') =>
      testServer({
        inbox: {
          accept: async () => {
            throw new HubError(code, { what: 'No.', why: 'Because.', fix: 'Wait.' });
          },
        },
      }).app.request('/webhooks/garmin/guess', { method: 'POST', body: '{}' });
    expect([(await failing('not_found')).status, (await failing('busy')).status]).toEqual([404, 503]);
  });
});
