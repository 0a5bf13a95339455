import { describe, expect, it } from 'vitest';
import { createWorld, START_MS } from '../testing/phone.test-support.ts';

const poison = (coach: { objects: { put(kind: 'gear', id: string, set: object): Promise<void> } }, id: string) =>
  coach.objects.put('gear', id, { poison: 1 });

describe('a mutation the hub rejects', () => {
  it('becomes a dead letter with the hub’s reason, and the rest of the queue goes on', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const bad = await coach.activities.log({ sport: 'run', rpe: 11 });
    const good = await coach.activities.log({ sport: 'run', rpe: 6 });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1, rejected: 1 });
    expect(await coach.deadLetters()).toEqual([
      {
        mid: expect.any(String),
        kind: 'activity',
        id: bad,
        op: 'put',
        set: { sport: 'run', rpe: 11, day: '2026-03-01' },
        unset: [],
        code: 'invalid_value',
        detail: 'rpe is 1 to 10.',
        at: START_MS,
      },
    ]);
    expect(await coach.activities.get(bad)).toBeNull();
    expect(hub.view('activity', good)).not.toBeNull();
    expect(await coach.status()).toMatchObject({ queued: 0, deadLetters: 1 });
  });

  it('can be made again under a new mid', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    const id = await coach.activities.log({ sport: 'run', rpe: 11 });
    await coach.sync();
    const [letter] = await coach.deadLetters();
    await coach.retry(letter!.mid);
    expect(await coach.deadLetters()).toEqual([]);
    await coach.activities.edit(id, { rpe: 9 });
    await coach.sync();
    expect(hub.view('activity', id)?.data.rpe).toBe(9);
    const mids = hub.requests.flatMap((request) => request.body.push?.batch.map((mutation) => mutation.mid) ?? []);
    expect(new Set(mids).size).toBe(2);
  });

  it('can be forgotten', async () => {
    const { coach } = createWorld().phone();
    await coach.activities.log({ sport: 'run', rpe: 11 });
    await coach.sync();
    const [letter] = await coach.deadLetters();
    await coach.discard(letter!.mid);
    expect(await coach.deadLetters()).toEqual([]);
    await coach.retry(letter!.mid);
    expect(await coach.status()).toMatchObject({ queued: 0, deadLetters: 0 });
  });

  it('stays a dead letter over a restart', async () => {
    const phone = createWorld().phone();
    await phone.coach.activities.log({ sport: 'run', rpe: 11 });
    await phone.coach.sync();
    await phone.restart();
    expect(await phone.coach.deadLetters()).toHaveLength(1);
  });
});

describe('400: a batch the hub cannot read', () => {
  it('is halved until the one to blame is alone; that one is set aside and everything else arrives', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    for (let i = 0; i < 20; i++) {
      if (i === 13) await poison(coach, 'gear_bad');
      else await coach.objects.put('gear', `gear_${i}`, { title: `${i}` });
    }
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 19, rejected: 1 });
    expect(await coach.deadLetters()).toMatchObject([{ id: 'gear_bad', code: 'bad_request' }]);
    expect(await coach.objects.list('gear')).toHaveLength(19);
    expect(Object.keys(hub.state.objects)).toHaveLength(19);
    expect(hub.requests.length).toBeLessThan(20);
  });

  it('with several to blame sets each aside', async () => {
    const { phone } = createWorld();
    const { coach } = phone();
    for (let i = 0; i < 12; i++) {
      await (i % 5 === 0 ? poison(coach, `gear_bad_${i}`) : coach.objects.put('gear', `gear_${i}`, { title: `${i}` }));
    }
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 9, rejected: 3 });
  });

  it('sets nothing aside when the request is refused without the mutation as well', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run' });
    const refusal = () => ({ status: 400, code: 'bad_request' });
    hub.faults.push(refusal, refusal);
    expect(await coach.sync()).toMatchObject({ state: 'hub_refused', rejected: 0, error: { code: 'hub_refused' } });
    expect(await coach.status()).toMatchObject({ queued: 1, deadLetters: 0 });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
  });

  it('from somebody who is no hub blames no mutation', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run' });
    hub.faults.push(() => ({ status: 400 }));
    expect(await coach.sync()).toMatchObject({ state: 'hub_refused' });
    expect(hub.requests).toHaveLength(1);
  });
});

describe('401: an expired token', () => {
  it('is renewed once, and the same mutations go again', async () => {
    const { hub, phone } = createWorld();
    const asked: boolean[] = [];
    const { coach } = phone({
      getToken: async ({ force }) => {
        asked.push(force);
        return force ? 'token' : 'stale';
      },
    });
    await coach.activities.log({ sport: 'run' });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1 });
    expect(asked).toEqual([false, true]);
    expect(hub.requests[1]?.body.push).toEqual(hub.requests[0]?.body.push);
  });

  it('that cannot be renewed asks for the athlete, and nothing leaves the queue', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone({ getToken: async () => 'stale' });
    await coach.activities.log({ sport: 'run' });
    expect(await coach.sync()).toMatchObject({ state: 'needs_auth', error: { code: 'needs_auth' } });
    expect(hub.requests).toHaveLength(2);
    expect(await coach.status()).toMatchObject({ state: 'needs_auth', queued: 1, deadLetters: 0 });
    hub.validTokens.add('stale');
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 1, error: null });
  });

  it('is known before asking when there is no token at all', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone({ getToken: async () => null });
    expect(await coach.sync()).toMatchObject({ state: 'needs_auth' });
    expect(hub.requests).toEqual([]);
  });

  it('is not assumed when the token source itself is out of reach', async () => {
    const { phone } = createWorld();
    const { coach } = phone({ getToken: () => Promise.reject(new TypeError('network')) });
    expect(await coach.sync()).toMatchObject({ state: 'offline' });
  });
});

describe('other refusals of the whole request', () => {
  const refused = async (refusal: { status: number; code?: string; headers?: { [name: string]: string } }) => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run' });
    hub.faults.push(() => refusal);
    const report = await coach.sync();
    expect(await coach.status()).toMatchObject({ queued: 1, deadLetters: 0, state: report.state });
    return { report, coach };
  };

  it('403 client_athlete_mismatch stops and keeps the queue', async () => {
    const { report } = await refused({ status: 403, code: 'client_athlete_mismatch' });
    expect(report).toMatchObject({ state: 'client_athlete_mismatch', error: { code: 'client_athlete_mismatch' } });
  });

  it('403 about the token renews it once, then asks for the athlete', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.activities.log({ sport: 'run' });
    const forbidden = () => ({ status: 403, code: 'forbidden' });
    hub.faults.push(forbidden, forbidden);
    expect(await coach.sync()).toMatchObject({ state: 'needs_auth', error: { code: 'needs_auth' } });
    expect(await coach.status()).toMatchObject({ queued: 1, deadLetters: 0 });
  });

  it('426 keeps the queue and refuses further writes; reading goes on', async () => {
    const { report, coach } = await refused({ status: 426, code: 'upgrade_required' });
    expect(report.state).toBe('upgrade_required');
    await expect(coach.activities.log({ sport: 'run' })).rejects.toMatchObject({ code: 'upgrade_required' });
    expect(await coach.activities.list()).toHaveLength(1);
  });

  it('429 and 503 say when to come again', async () => {
    const seconds = await refused({ status: 429, code: 'busy', headers: { 'Retry-After': '30' } });
    expect(seconds.report).toMatchObject({ state: 'busy', retryAt: START_MS + 30_000, error: { code: 'busy' } });
    const date = await refused({ status: 503, headers: { 'Retry-After': 'Sun, 01 Mar 2026 09:00:00 GMT' } });
    expect(date.report.retryAt).toBe(START_MS + 3_600_000);
    const silent = await refused({ status: 503 });
    expect(silent.report).toMatchObject({ state: 'busy', retryAt: null });
  });

  it('5xx counts as being offline', async () => {
    const { report } = await refused({ status: 502 });
    expect(report).toMatchObject({ state: 'offline', error: { code: 'offline' } });
  });

  it('404 and other surprises are reported, not repeated', async () => {
    const { report } = await refused({ status: 404, code: 'not_found' });
    expect(report).toMatchObject({ state: 'hub_refused' });
    expect(report.error?.why).toContain('404 not_found');
  });

  it('a hotel network’s page is no answer', async () => {
    const { phone } = createWorld();
    const page = { status: 200, headers: { get: () => null }, text: async () => '<html>Welcome</html>' };
    const { coach } = phone({ fetch: async () => page });
    await coach.activities.log({ sport: 'run' });
    expect(await coach.sync()).toMatchObject({ state: 'offline' });
    expect(await coach.status()).toMatchObject({ queued: 1 });
  });

  it('413 halves the batch, and sets aside only what is too large by itself', async () => {
    const { hub, phone } = createWorld();
    const { coach } = phone();
    await coach.objects.put('gear', 'gear_1', { title: 'a' });
    await coach.objects.put('gear', 'gear_huge', { title: 'x'.repeat(300_000) });
    await coach.objects.put('gear', 'gear_2', { title: 'b' });
    expect(await coach.sync()).toMatchObject({ state: 'idle', pushed: 2, rejected: 1 });
    expect(await coach.deadLetters()).toMatchObject([{ id: 'gear_huge', code: 'too_large' }]);
    expect(hub.view('gear', 'gear_2')).not.toBeNull();
  });

  it('a hub that answers without settling anything is not asked for ever', async () => {
    const { phone } = createWorld();
    let asked = 0;
    const body = { serverTime: '2026-03-01T08:00:00.000Z', push: { ackSeq: 0, durableSeq: 0, results: [] } };
    const { coach } = phone({
      fetch: async () => {
        asked += 1;
        return { status: 200, headers: { get: () => null }, text: async () => JSON.stringify(body) };
      },
    });
    await coach.activities.log({ sport: 'run' });
    expect(await coach.sync()).toMatchObject({ state: 'hub_refused' });
    expect(asked).toBe(1);
  });
});
