import { describe, expect, it } from 'vitest';
import { testServer } from '../testing/test-server.test-support.ts';

const check = (ok: boolean) => ({ name: 'database', ok, detail: '/srv/coach/data', fix: ok ? null : 'Mount it.' });

describe('GET /healthz', () => {
  it('answers 200 without a token', async () => {
    const { app } = testServer({ health: { live: () => ({ ok: true }) } });
    const response = await app.request('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
  });
});

describe('GET /readyz', () => {
  it.each([
    [true, 200],
    [false, 503],
  ])('ok %s answers %d, without details that are nobody’s business', async (ok, status) => {
    const { app } = testServer({ health: { ready: async () => ({ ok, checks: [check(ok)] }) } });
    const response = await app.request('/readyz');
    expect([response.status, await response.json()]).toEqual([status, { ok, checks: [{ name: 'database', ok }] }]);
  });
});
