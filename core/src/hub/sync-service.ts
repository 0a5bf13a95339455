/** Sync for phones: push, then pull, in one round trip; pokes when an athlete's rev moves. */
import { outcomeOf } from '../metrics/outcome-of.ts';
import { epochOf } from '../sync/cursor.ts';
import { pull } from '../sync/pull.ts';
import { push } from '../sync/push.ts';
import type { MutationResult } from '../wire/sync.ts';
import type { SyncService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { newObjectId } from './object-id.ts';

/** At most one poke per athlete in this time, ms. */
const POKE_MS = 250;

export function createSyncService(parts: Pick<HubParts, 'store' | 'clock' | 'random' | 'meter'>): SyncService {
  const { store, clock, meter } = parts;
  const context = { newId: newObjectId(parts.random) };
  const listeners = new Map<string, Set<(rev: number) => void>>();
  const pending = new Map<string, { rev: number; timer: NodeJS.Timeout }>();

  store.onCommit((athleteId, rev) => {
    if (!listeners.has(athleteId)) return;
    const waiting = pending.get(athleteId);
    if (waiting !== undefined) {
      waiting.rev = Math.max(waiting.rev, rev);
      return;
    }
    const timer = setTimeout(() => {
      const latest = pending.get(athleteId)?.rev ?? rev;
      pending.delete(athleteId);
      for (const listener of listeners.get(athleteId) ?? []) listener(latest);
    }, POKE_MS);
    timer.unref();
    pending.set(athleteId, { rev, timer });
  });

  async function counted<T>(metric: 'coach_sync_pushes_total' | 'coach_sync_pulls_total', work: () => Promise<T>) {
    try {
      const answer = await work();
      meter.count(metric, { outcome: 'ok' });
      return answer;
    } catch (error) {
      meter.count(metric, { outcome: outcomeOf(error) });
      throw error;
    }
  }

  function countMutations(results: readonly MutationResult[]): void {
    for (const { status, code } of results) {
      meter.count('coach_sync_mutations_total', { status });
      if (status === 'rejected' && code !== undefined) meter.count('coach_sync_rejected_mutations_total', { code });
    }
  }

  const service: SyncService = {
    push: (caller, request) =>
      counted('coach_sync_pushes_total', async () => {
        const response = await push(store, { ...caller, request, nowMs: clock.now() }, context);
        countMutations(response.results);
        return JSON.stringify(response);
      }),
    pull: (caller, request) =>
      counted('coach_sync_pulls_total', async () => {
        const page = await pull(store, { ...caller, request, nowMs: clock.now() });
        // What was handed out may be known to a phone from now on, so its ids are kept when runs are joined.
        if (page.servedRev !== null) await store.markServed(caller.athleteId, caller.clientId, page.servedRev);
        return page.body;
      }),
    async sync(caller, request) {
      const pushed = request.push === undefined ? null : await service.push(caller, request.push);
      const pulled = request.pull === undefined ? null : await service.pull(caller, request.pull);
      const parts = [`"serverTime":"${new Date(clock.now()).toISOString()}"`];
      if (pushed !== null) parts.push(`"push":${pushed}`);
      if (pulled !== null) parts.push(`"pull":${pulled}`);
      return `{${parts.join(',')}}`;
    },
    async head(athleteId) {
      const [serverEpoch, athlete] = await Promise.all([store.serverEpoch(), store.athlete(athleteId)]);
      return { epoch: epochOf(serverEpoch, athlete?.epochN ?? 0), rev: athlete?.rev ?? 0 };
    },
    subscribe(athleteId, onRev) {
      const own = listeners.get(athleteId) ?? new Set();
      own.add(onRev);
      listeners.set(athleteId, own);
      return () => {
        own.delete(onRev);
        if (own.size === 0) listeners.delete(athleteId);
      };
    },
  };
  return service;
}
