import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { SyncService } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../error/problem.ts';
import { MAX_SYNC_BODY_BYTES } from '../routes/sync-body-limit.ts';
import { testServer } from '../testing/test-server.test-support.ts';

const request = { sentAt: '2026-03-01T06:00:00.000Z', pull: { cursor: null } };

type Body = NonNullable<RequestInit['body']>;

async function send(body: Body, headers: { [name: string]: string } = {}) {
  const received: unknown[] = [];
  const sync: SyncService['sync'] = async (_caller, read) => {
    received.push(read);
    return '{}';
  };
  const { app, syncAs } = testServer({ sync: { sync } });
  const init: RequestInit = { method: 'POST', headers: { ...(await syncAs('ann')), ...headers }, body };
  const response = await app.request('/v1/sync', { ...init, duplex: 'half' } as RequestInit);
  return { status: response.status, problem: (await response.json()) as Problem, received };
}

describe('a request body', () => {
  it.each([
    ['as it is', JSON.stringify(request), {}],
    ['with gzip', gzipSync(JSON.stringify(request)), { 'content-encoding': 'gzip' }],
    ['with brotli', brotliCompressSync(JSON.stringify(request)), { 'content-encoding': 'br' }],
    ['with a byte order mark', `\ufeff${JSON.stringify(request)}`, {}],
  ])('is read %s', async (_, body, headers) => {
    expect(await send(body as Body, headers as { [name: string]: string })).toMatchObject({
      status: 200,
      received: [request],
    });
  });

  it('that is not JSON is refused with the place, and nothing of it is told back', async () => {
    const { status, problem } = await send('{"sentAt": "now",\n "pull": restingHeartRate41 }');
    expect([status, problem.code]).toEqual([400, 'bad_request']);
    expect(problem.detail).toBe('The body is not JSON. At line 2, column 10, JSON goes on with a value.');
  });

  it.each([
    ['nothing', '', {}, 'The request has no body.'],
    ['bytes that are no text', new Uint8Array([0x22, 0xff, 0x22]), {}, 'It is not UTF-8 text.'],
    ['an encoding we do not read', 'x', { 'content-encoding': 'zstd' }, 'neither gzip nor br'],
    ['bytes that are not in their encoding', '{}', { 'content-encoding': 'gzip' }, 'says gzip, but the bytes are not'],
    [
      'a cut compression',
      gzipSync(JSON.stringify(request)).subarray(0, 30),
      { 'content-encoding': 'gzip' },
      'says gzip, but the bytes are not',
    ],
    ['a list', '[]', {}, 'expected object, received array'],
  ])('of %s is a bad_request', async (_, body, headers, told) => {
    const { status, problem } = await send(body as Body, headers as { [name: string]: string });
    expect([status, problem.code]).toEqual([400, 'bad_request']);
    expect(problem.detail).toContain(told);
  });

  it('names the first places that do not fit, and no values', async () => {
    const mutation = { mid: 'm1', stamp: 'yesterday', kind: 'activity', id: 'act_1', op: 'explode' };
    const { problem } = await send(JSON.stringify({ sentAt: 'now', push: { epoch: null, batch: [mutation] } }));
    expect(problem.detail).toContain('push.batch[0].stamp: ');
    expect(problem.detail).toContain('push.batch[0].op: ');
    expect(problem.detail).not.toMatch(/yesterday|explode/);
  });
});

describe('a request body that is too large', () => {
  const tooMuch = JSON.stringify({ ...request, padding: 'x'.repeat(MAX_SYNC_BODY_BYTES) });

  it('by its declared length is refused before it is read', async () => {
    let isRead = false;
    const body = new ReadableStream(
      {
        pull(controller) {
          isRead = true;
          controller.enqueue(new Uint8Array(1));
        },
      },
      { highWaterMark: 0 },
    );
    const { status, problem } = await send(body, { 'content-length': String(MAX_SYNC_BODY_BYTES + 1) });
    expect([status, problem.code, problem.maxBytes, isRead]).toEqual([
      413,
      'payload_too_large',
      MAX_SYNC_BODY_BYTES,
      false,
    ]);
  });

  it('without a declared length is cut off at the limit', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    expect(await send(body)).toMatchObject({ status: 413, problem: { code: 'payload_too_large' } });
    expect(sent).toBeLessThan(MAX_SYNC_BODY_BYTES + 256 * 1024);
  });

  it.each([
    ['gzip', gzipSync(tooMuch)],
    ['br', brotliCompressSync(tooMuch)],
  ])('only after decompression of %s is refused all the same', async (encoding, body) => {
    expect(body.byteLength).toBeLessThan(10_000);
    expect(await send(body as Body, { 'content-encoding': encoding })).toMatchObject({
      status: 413,
      problem: { code: 'payload_too_large' },
    });
  });

  it('may be so by its number of mutations', async () => {
    const mutation = { mid: 'm1', stamp: '1:0000', kind: 'activity', id: 'a', op: 'delete' };
    const batch = Array.from({ length: 501 }, () => mutation);
    expect(await send(JSON.stringify({ sentAt: 'now', push: { epoch: null, batch } }))).toMatchObject({
      status: 413,
      problem: { code: 'payload_too_large' },
    });
  });
});
