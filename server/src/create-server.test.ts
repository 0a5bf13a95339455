import { HubError } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { testServer } from './testing/test-server.test-support.ts';

describe('any answer', () => {
  it('names its request, may not be stored, and is taken for what it says it is', async () => {
    const { app } = testServer({ health: { live: () => ({ ok: true }) } });
    const response = await app.request('/healthz');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-request-id': '00000000-0000-4000-8000-000000000001',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it('keeps the id a trusted proxy gave', async () => {
    const { app } = testServer({ health: { live: () => ({ ok: true }) } }, { trustProxy: true });
    const response = await app.request('/healthz', { headers: { 'x-request-id': 'proxy-id-0001' } });
    expect(response.headers.get('x-request-id')).toBe('proxy-id-0001');
  });

  it('takes no id from anybody else, and none that could forge a log line', async () => {
    const direct = testServer({ health: { live: () => ({ ok: true }) } });
    const behindProxy = testServer({ health: { live: () => ({ ok: true }) } }, { trustProxy: true });
    const one = await direct.app.request('/healthz', { headers: { 'x-request-id': 'proxy-id-0001' } });
    const two = await behindProxy.app.request('/healthz', { headers: { 'x-request-id': 'x level=error forged' } });
    expect([one, two].map((response) => response.headers.get('x-request-id'))).toEqual([
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-000000000001',
    ]);
  });

  it('to HEAD has headers and no body', async () => {
    const { app } = testServer({ health: { live: () => ({ ok: true }) } });
    const response = await app.request('/healthz', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('the log line of a request', () => {
  it('has the pattern of the route, never the address', async () => {
    const { app, lines } = testServer({ inbox: { accept: async () => ({ status: 200, body: 'OK' }) } });
    await app.request('/webhooks/garmin/s3cret-path?token=s3cret-query', { method: 'POST', body: '{}' });
    expect(lines).toEqual([
      {
        level: 'debug',
        message: 'request answered',
        fields: {
          requestId: '00000000-0000-4000-8000-000000000001',
          method: 'POST',
          route: '/webhooks/:plugin/:secret?',
          status: 200,
          durationMs: 0,
          bytes: 2,
        },
      },
    ]);
  });

  it('says "none" where no route matched', async () => {
    const { app, lines } = testServer({});
    await app.request('/webhooks/garmin/s3cret/more');
    expect(lines.map(({ fields }) => fields.route)).toEqual(['none', 'none']);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });
});

describe('a request nobody answers', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['PUT', '/v1/connections'],
    ['GET', '/v1/sync'],
  ])('%s %s is a problem of the code not_found', async (method, path) => {
    const { app } = testServer({});
    const response = await app.request(path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'urn:coach-hub:error:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'There is no such route. No endpoint of this hub has that method and path.',
      fix: 'See /openapi.json for all there are.',
      requestId: '00000000-0000-4000-8000-000000000001',
    });
  });
});

describe('a failure of the hub', () => {
  it('is told by its code, with its extras at the top', async () => {
    const { app, syncAs } = testServer({
      sync: {
        sync: async () => {
          throw new HubError('epoch_mismatch', {
            what: 'The hub was restored.',
            why: 'The epoch of the push is not the hub’s.',
            fix: 'Replay the journal.',
            details: { epoch: 'ep_9K', ackSeq: 12, status: 200 },
          });
        },
      },
    });
    const response = await app.request('/v1/sync', {
      method: 'POST',
      headers: await syncAs('ann'),
      body: '{"sentAt":"now"}',
    });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      type: 'urn:coach-hub:error:epoch_mismatch',
      title: 'Epoch mismatch',
      status: 409,
      code: 'epoch_mismatch',
      detail: 'The hub was restored. The epoch of the push is not the hub’s.',
      epoch: 'ep_9K',
      ackSeq: 12,
    });
  });

  it('that nobody foresaw is told as "internal", and its cause stays in the log', async () => {
    const { app, as, lines } = testServer({
      connect: {
        list: async () => {
          throw new Error('refused eyJhbGciOiJI.eyJzdWIi.c2ln and chk_reader-of-everything', {
            cause: new Error('disk is full'),
          });
        },
      },
    });
    const response = await app.request('/v1/connections', { headers: await as('ann') });
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ code: 'internal', requestId: response.headers.get('x-request-id') });
    expect(body).not.toMatch(/refused|disk/);
    expect(lines[0]).toMatchObject({
      level: 'error',
      message: 'request failed',
      fields: {
        route: '/v1/connections',
        code: 'internal',
        cause: { name: 'Error', at: expect.arrayContaining([expect.stringContaining('create-server.test.ts')]) },
      },
    });
    expect(JSON.stringify(lines)).not.toMatch(/refused|eyJ|chk_|disk/);
  });

  it('that will pass says when to come again, and disturbs nobody', async () => {
    const { app, as, lines } = testServer({
      connect: {
        list: async () => {
          throw new HubError('busy', {
            what: 'Too much at once.',
            why: 'The queue is full.',
            fix: 'Wait.',
            details: { retryAfterS: 17 },
          });
        },
      },
    });
    const response = await app.request('/v1/connections', { headers: await as('ann') });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '17']);
    expect(lines.map(({ level }) => level)).toEqual(['debug', 'debug']);
  });

  it('that a person must mend is an error in the log, with what to do', async () => {
    const { app, as, lines } = testServer({
      connect: {
        list: async () => {
          throw new HubError('vault_unreadable', {
            what: 'A sealed token does not open.',
            why: 'Its key is missing.',
            fix: 'Restore the key.',
          });
        },
      },
    });
    await app.request('/v1/connections', { headers: await as('ann') });
    expect(lines[0]).toMatchObject({ level: 'error', fields: { code: 'vault_unreadable', fix: 'Restore the key.' } });
  });
});
