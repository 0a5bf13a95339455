import { HubError, type PushRequest, type SyncCaller } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../error/problem.ts';
import { readProblem } from '../testing/read-problem.test-support.ts';
import { testServer } from '../testing/test-server.test-support.ts';

const mutation = {
  seq: 41,
  mid: '0195f0a2-7b1c-7d33-9a51-0f5c1b2d3e4f',
  tx: 9,
  stamp: '1740809520000:0003',
  kind: 'activity',
  id: 'act_1',
  op: 'patch',
  base: 1287,
  set: { rpe: 7 },
  unset: ['feel'],
};
const push = { epoch: 'ep_7Q', batch: [mutation] };
const pull = { cursor: 'v1.ep_7Q.1287', window: { planDays: 56, activityDays: 90 }, limit: 500, maxBytes: 262_144 };
const whole = { sentAt: '2026-03-01T06:12:03.120Z', push, pull };

function recording() {
  const calls: { part: string; caller: SyncCaller; request: unknown }[] = [];
  const record = (part: string, answer: string) => async (caller: SyncCaller, request: unknown) => {
    calls.push({ part, caller, request });
    return answer;
  };
  const server = testServer({
    sync: {
      sync: record('sync', '{"answer":"sync"}'),
      push: record('push', '{"answer":"push"}'),
      pull: record('pull', '{"answer":"pull"}'),
    },
  });
  return { ...server, calls };
}

async function post(path: string, body: unknown, headers: { [name: string]: string | undefined } = {}) {
  const { app, syncAs, calls } = recording();
  const all = { ...(await syncAs('ann')), ...headers };
  const sent = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const response = await app.request(path, { method: 'POST', headers: sent, body: JSON.stringify(body) });
  return { response, body: (await response.json()) as Partial<Problem>, calls };
}

describe.each([
  ['/v1/sync', 'sync', whole],
  ['/v1/sync/push', 'push', push],
  ['/v1/sync/pull', 'pull', pull],
])('POST %s', (path, part, request) => {
  it('hands the request and its sender to core and sends core’s text', async () => {
    const { response, body, calls } = await post(path, request, { 'sync-schema': '3' });
    expect([
      response.status,
      response.headers.get('cache-control'),
      response.headers.get('content-type'),
      body,
    ]).toEqual([200, 'no-store', 'application/json', { answer: part }]);
    expect(calls).toEqual([
      { part, caller: { athleteId: 'a_ann', clientId: 'c_phone-0001', schemaVersion: 3 }, request },
    ]);
  });

  it('is upgrade_required for another protocol, whatever the rest looks like', async () => {
    const { response, body, calls } = await post(path, 'anything', { 'sync-protocol': '2', 'sync-client': undefined });
    expect([response.status, body.code, body.protocol, calls]).toEqual([426, 'upgrade_required', 1, []]);
  });

  it.each([
    ['sync-protocol', undefined, 'Sync-Protocol'],
    ['sync-client', undefined, 'sync-client'],
    ['sync-client', 'short', 'sync-client'],
    ['sync-client', 'has spaces in it', 'sync-client'],
    ['sync-schema', 'new', 'sync-schema'],
  ])('is a bad_request with %s: %s', async (header, value, told) => {
    const { response, body, calls } = await post(path, request, { [header]: value });
    expect([response.status, body.code, calls]).toEqual([400, 'bad_request', []]);
    expect(body.detail).toContain(told);
  });

  it('is unauthorized without a token', async () => {
    const { response, body, calls } = await post(path, request, { authorization: undefined });
    expect([response.status, body.code, calls]).toEqual([401, 'unauthorized', []]);
  });
});

describe('a sync request', () => {
  it('may hold kinds and fields this hub does not know: core rejects the one mutation, not the queue behind it', async () => {
    const strange = { ...mutation, kind: 'moon_phase', set: { phase: 'full', __proto__: null } };
    const { response, calls } = await post('/v1/sync/push', { epoch: null, batch: [strange], later: true });
    expect([response.status, calls[0]?.request]).toEqual([200, { epoch: null, batch: [strange] }]);
  });

  it('that asks for more than a page gets a page', async () => {
    const { calls } = await post('/v1/sync/pull', { cursor: null, limit: 100_000, maxBytes: 100_000_000 });
    expect(calls[0]?.request).toEqual({ cursor: null, limit: 500, maxBytes: 262_144 });
  });

  it.each([
    ['no seq below 1', { ...mutation, seq: 0 }],
    ['a stamp of the agreed form', { ...mutation, stamp: '2026-03-01' }],
    ['an op we know', { ...mutation, op: 'merge' }],
    ['a mid', { ...mutation, mid: '' }],
  ])('needs %s', async (_, broken) => {
    const { response, body, calls } = await post('/v1/sync/push', { epoch: null, batch: [broken] });
    expect([response.status, body.code, calls]).toEqual([400, 'bad_request', []]);
  });

  it('cannot set what objects inherit', async () => {
    const { calls } = await post('/v1/sync/push', {
      epoch: null,
      batch: [{ ...mutation, set: JSON.parse('{"__proto__":{"isAdmin":true},"rpe":7}') }],
    });
    const set = (calls[0]?.request as PushRequest | undefined)?.batch[0]?.set ?? {};
    expect([Object.getPrototypeOf(set), set.isAdmin]).toEqual([Object.prototype, undefined]);
  });
});

describe('GET /v1/sync/head', () => {
  it('answers epoch and rev', async () => {
    const { app, syncAs } = testServer({ sync: { head: async () => ({ epoch: 'ep_7Q', rev: 1_290 }) } });
    const response = await app.request('/v1/sync/head', { headers: await syncAs('ann') });
    expect([response.status, await response.json()]).toEqual([200, { epoch: 'ep_7Q', rev: 1_290 }]);
  });

  it('is upgrade_required for another protocol', async () => {
    const { app, syncAs } = testServer({});
    const response = await app.request('/v1/sync/head', {
      headers: { ...(await syncAs('ann')), 'sync-protocol': '0' },
    });
    expect(response.status).toBe(426);
  });

  it.each(['abc', '-1', '1.5', ''])('is a bad_request with after=%j', async (after) => {
    const { app, syncAs } = testServer({});
    const response = await app.request(`/v1/sync/head?after=${after}`, { headers: await syncAs('ann') });
    expect([response.status, (await readProblem(response)).code]).toEqual([400, 'bad_request']);
  });
});

describe('a refusal of core', () => {
  it('arrives with what the client needs to go on', async () => {
    const { app, syncAs } = testServer({
      sync: {
        push: async () => {
          throw new HubError('seq_gap', {
            what: 'A mutation is missing.',
            why: 'The hub holds 37.',
            fix: 'Push again from 38.',
            details: { expected: 38 },
          });
        },
      },
    });
    const response = await app.request('/v1/sync/push', {
      method: 'POST',
      headers: await syncAs('ann'),
      body: JSON.stringify(push),
    });
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'seq_gap', expected: 38 }]);
  });
});
