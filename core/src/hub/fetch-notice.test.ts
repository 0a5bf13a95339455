import { describe, expect, it } from 'vitest';
import { HubError } from '../error/hub-error.ts';
import type { NewDeadLetter, NewDelivery } from '../store/inbox-store.ts';
import type { Job } from '../store/job-queue.ts';
import { type FetchPayload, fetchJob } from './fetch-job.ts';
import { type FetchParts, fetchNoticeHandler } from './fetch-notice.ts';

const NOW = Date.UTC(2026, 4, 2);
const payload: FetchPayload = {
  plugin: 'stride',
  connectionId: 'con_1',
  generation: 3,
  athleteId: 'ath_1',
  stream: 'runs',
  sealedUrl: 'sealed',
  singleUse: false,
  ref: {},
  noticeSha256: 'abc',
};
const story = { what: 'It did not work.', why: 'No reason.', fix: 'Wait.' };

/** One attempt at a fetch that the provider answers so. */
async function attempt(
  answer: { status: number; retryAfterMs?: number } | Error,
  { attempts = 1, signal = new AbortController().signal } = {},
) {
  const letters: NewDeadLetter[] = [];
  const deliveries: NewDelivery[] = [];
  const parts = {
    store: {
      connection: async () => ({ generation: 3, state: 'connected' }),
      storeDeadLetter: async (letter: NewDeadLetter) => letters.push(letter),
      storeDelivery: async (delivery: NewDelivery) => deliveries.push(delivery),
    },
    egress: {
      hostsOf: () => [],
      async fetchUrl() {
        if (answer instanceof Error) throw answer;
        return { retryAfterMs: null, headers: {}, body: new Uint8Array(3), ...answer };
      },
    },
    vault: { open: () => 'https://stride.api/runs/1' },
    tokens: { accessToken: async () => 'token' },
    clock: { now: () => NOW },
    wake: () => {},
  } as unknown as FetchParts;
  const { maxAttempts = 8, ...asked } = fetchJob(payload);
  const job: Job = { id: 1, key: null, lane: null, ...asked, attempts, maxAttempts };
  const outcome = await fetchNoticeHandler(parts)(job, signal).catch((error: unknown) => error);
  return { outcome, letters, deliveries };
}

const LAST = fetchJob(payload).maxAttempts as number;

describe('a fetch for a notice', () => {
  it('stores what it got', async () => {
    const { outcome, deliveries } = await attempt({ status: 200 });
    expect(outcome).toBeUndefined();
    expect(deliveries).toMatchObject([{ route: 'fetch', context: { connectionId: 'con_1', generation: 3 } }]);
  });

  it.each([
    ['its own budget', new HubError('rate_limited', { ...story, details: { untilMs: NOW + 5 } }), NOW + 5],
    ['a budget that names no time', new HubError('rate_limited', story), NOW + 30_000],
    ['another process', new HubError('busy', story), NOW + 30_000],
    ['an answer 429', { status: 429, retryAfterMs: 7_000 }, NOW + 7_000],
  ])('waits for %s without a failure, at the last attempt too', async (_what, answer, postponeUntilMs) => {
    expect(await attempt(answer, { attempts: LAST })).toEqual({
      outcome: { postponeUntilMs },
      letters: [],
      deliveries: [],
    });
  });

  it('is tried for about 18 hours', () => {
    const pauses = Array.from({ length: LAST - 1 }, (_, failed) => Math.min(2 ** failed, 3_600));
    expect(pauses.reduce((sum, each) => sum + each, 0) / 3_600).toBeCloseTo(18, 0);
  });

  it.each([
    ['a provider that is down', { status: 503 }, 'provider_unavailable'],
    ['no answer', new HubError('provider_unavailable', story), 'provider_unavailable'],
    ['a defect', new TypeError('x'), 'internal'],
  ])('fails for %s, and leaves a letter to replay in the end', async (_what, answer, code) => {
    const early = await attempt(answer, { attempts: LAST - 1 });
    expect(early.outcome).toBeInstanceOf(Error);
    expect(early.letters).toEqual([]);
    const last = await attempt(answer, { attempts: LAST });
    expect(last.outcome).toBeUndefined();
    expect(last.letters).toMatchObject([{ stage: 'fetch', code, connectionId: 'con_1', replay: { payload } }]);
  });

  it('leaves a letter at once where trying again cannot help', async () => {
    expect((await attempt({ status: 404 })).letters).toMatchObject([{ code: 'provider_rejected' }]);
    const lost = await attempt(new HubError('vault_unreadable', story));
    expect(lost.letters).toMatchObject([{ code: 'vault_unreadable' }]);
  });

  it('leaves no letter when the hub is stopped', async () => {
    const { outcome, letters } = await attempt(new TypeError('aborted'), {
      attempts: LAST,
      signal: AbortSignal.abort(),
    });
    expect(outcome).toBeInstanceOf(Error);
    expect(letters).toEqual([]);
  });
});
