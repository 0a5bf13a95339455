/**
 * Retention: what has passed its time goes, a little at a time, so that nobody waits for it.
 *
 * What is needed stays whatever its age: envelopes that wait or that a letter will replay, bytes that a claim, an envelope
 * or a letter names, the newest answers to mutations. An envelope whose bytes go is still known as said.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { PRUNABLE_ROWS, type PrunableRows } from '../store/retention-store.ts';
import { sweepableBlobs, sweepBlobs } from './blob-sweep.ts';
import type { PrunedClass, PruneReport, RetentionService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { sweepableInbox, sweepInbox } from './inbox-sweep.ts';
import type { Retention } from './retention-config.ts';

const DAY_MS = 86_400_000;
const ROWS_PER_BATCH = 200;
const ATHLETES_PER_PAGE = 100;
/** Between two batches, so that others get their turn at the database, ms. */
const PAUSE_MS = 20;

const DAYS_OF: { readonly [R in PrunableRows]: (settings: Retention) => number | null } = {
  replayed_letter: ({ replayedLetterDays }) => replayedLetterDays,
  dead_letter: ({ deadLetterDays }) => deadLetterDays,
  notice: ({ noticeDays }) => noticeDays,
  dead_job: ({ deadJobDays }) => deadJobDays,
  mutation: ({ mutationDays }) => mutationDays,
  dead_mutation: ({ deadMutationDays }) => deadMutationDays,
  attempt: ({ attemptDays }) => attemptDays,
};

type Parts = Pick<HubParts, 'store' | 'blobs' | 'plugins' | 'config' | 'clock'>;

export function createRetentionService(parts: Parts): RetentionService {
  const { store, plugins, clock } = parts;
  const settings = parts.config.retention;
  const beforeMs = (days: number) => clock.now() - days * DAY_MS;

  /** The shorter of what the operator wants and what the provider's terms allow. */
  function envelopeDays(plugin: string, stream: string): number | null {
    const own = settings.streamDays[`${plugin}.${stream}`];
    const wanted = own === undefined ? settings.envelopeDays : own;
    const allowed = plugins.providers().find(({ id }) => id === plugin)?.adapter.policy.retentionDays ?? null;
    const days = [wanted, allowed].filter((each) => each !== null);
    return days.length === 0 ? null : Math.min(...days);
  }

  async function rows(which: PrunableRows, dryRun: boolean, signal?: AbortSignal): Promise<PrunedClass[]> {
    const days = DAYS_OF[which](settings);
    if (days === null) return [];
    const count = dryRun
      ? await store.prunableRows(which, beforeMs(days))
      : await inBatches(() => store.pruneRows(which, beforeMs(days), ROWS_PER_BATCH), signal);
    return [{ what: which, days, count, bytes: null }];
  }

  async function envelopes(dryRun: boolean, signal?: AbortSignal): Promise<PrunedClass[]> {
    const pruned: PrunedClass[] = [];
    for (const { plugin, stream } of await store.envelopeStreams()) {
      const days = envelopeDays(plugin, stream);
      if (days === null || signal?.aborted) continue;
      const which = { plugin, stream, beforeMs: beforeMs(days) };
      const { count, bytes } = await store.oldEnvelopes(which);
      const done = dryRun ? count : await inBatches(() => store.dropEnvelopeBytes(which, ROWS_PER_BATCH), signal);
      pruned.push({ what: `envelope ${plugin}.${stream}`, days, count: done, bytes: done === count ? bytes : null });
    }
    return pruned;
  }

  async function athleteBlobs(dryRun: boolean, signal?: AbortSignal): Promise<PrunedClass> {
    let count = 0;
    for (let after = ''; !signal?.aborted; ) {
      const page = await store.athleteIds(after, ATHLETES_PER_PAGE);
      for (const athleteId of page) {
        if (signal?.aborted) break;
        count += await (dryRun ? sweepableBlobs : sweepBlobs)(parts, athleteId);
        if (!dryRun) await wait(PAUSE_MS);
      }
      after = page.at(-1) ?? '';
      if (page.length < ATHLETES_PER_PAGE) break;
    }
    return { what: 'athletes’ blob', days: null, count, bytes: null };
  }

  async function inboxBlobs(dryRun: boolean): Promise<PrunedClass> {
    const count = await (dryRun ? sweepableInbox : sweepInbox)(parts);
    return { what: 'inbox blob', days: null, count, bytes: null };
  }

  return {
    async prune({ dryRun, withBlobs = true, signal }): Promise<PruneReport> {
      const pruned: PrunedClass[] = [];
      for (const which of PRUNABLE_ROWS) if (!signal?.aborted) pruned.push(...(await rows(which, dryRun, signal)));
      if (!signal?.aborted) pruned.push(...(await envelopes(dryRun, signal)));
      // Bytes last: what named them may just have gone.
      if (!signal?.aborted) pruned.push(await inboxBlobs(dryRun));
      if (withBlobs && !signal?.aborted) pruned.push(await athleteBlobs(dryRun, signal));
      return { dryRun, stopped: signal?.aborted ?? false, pruned };
    },
    diskUse: () => store.diskUse(),
  };
}

async function inBatches(batch: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  let all = 0;
  for (;;) {
    const gone = await batch();
    all += gone;
    if (gone < ROWS_PER_BATCH || signal?.aborted) return all;
    await wait(PAUSE_MS);
  }
}
