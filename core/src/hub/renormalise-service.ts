/**
 * Renormalise: stored envelopes read by the mappings of today, with no call to a provider.
 *
 * Which envelopes are left is told by the version that read each one last, written in the change its claims made. So a
 * run that was stopped, or killed, is gone on with by the next one, and a run too many finds nothing to do.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { HubError } from '../error/hub-error.ts';
import { type ObjectChange, objectChange } from '../ledger/object-change.ts';
import { rehearse } from '../ledger/rehearsal.ts';
import type { LoadedProvider } from '../plugin/load-plugins.ts';
import type { Envelope, ReadAnewFilter } from '../store/inbox-store.ts';
import { byAthlete } from './by-athlete.ts';
import type { Renormalised, RenormaliseInput, RenormaliseReport, RenormaliseService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { isTransient } from './ingest.ts';
import { type ReadAnewParts, readAnew, type Target } from './renormalise-envelope.ts';
import { sha256Hex } from './split-delivery.ts';

const ENVELOPES_PER_BATCH = 100;
/** A busy database is another process at work: it is tried again. */
const BUSY_TRIES = 5;
const BUSY_WAIT_MS = 1_000;

type Parts = ReadAnewParts & Pick<HubParts, 'plugins' | 'log'>;

interface Walk {
  provider: LoadedProvider;
  filter: ReadAnewFilter;
  report: RenormaliseReport;
}

export function createRenormaliseService(parts: Parts): RenormaliseService {
  const { store, plugins, log } = parts;

  function providersFor({ plugin }: RenormaliseInput): LoadedProvider[] {
    return plugin === undefined ? plugins.providers() : [plugins.provider(plugin)];
  }

  async function openWalk(provider: LoadedProvider, input: RenormaliseInput): Promise<Walk> {
    const { id, adapter } = provider;
    const { athleteId, stream, sinceMs } = input;
    const filter = { plugin: id, mappingVersion: adapter.mappingVersion, athleteId, stream, sinceMs };
    const { envelopes, withoutBytes } = await store.countToReadAnew(filter);
    const { mappingVersion } = adapter;
    return {
      provider,
      filter,
      report: { plugin: id, mappingVersion, envelopes, withoutBytes, read: 0, failed: [], erased: 0 },
    };
  }

  /** Pages of envelopes, newest first. */
  async function* pages(filter: ReadAnewFilter, signal: AbortSignal | undefined): AsyncGenerator<Envelope[]> {
    for (let after: Envelope | null = null; !signal?.aborted; ) {
      const page: Envelope[] = await store.envelopesToReadAnew(filter, after, ENVELOPES_PER_BATCH);
      if (page.length > 0) yield page;
      after = page.at(-1) ?? null;
      if (page.length < ENVELOPES_PER_BATCH) return;
    }
  }

  /** One that cannot be read stays as it was read before, and is tried again by the next run. */
  async function readOne({ provider, report }: Walk, target: Target, envelope: Envelope): Promise<ObjectChange[]> {
    try {
      const { written, stale } = await patiently(() => readAnew(parts, target, provider, envelope));
      report.read += 1;
      if (stale > 0) report.erased += 1;
      return written.flatMap(({ kind, id, view, before }) => {
        const { day, deleted } = view;
        const after = { kind, id, day, deleted, data: JSON.stringify(view.data), alt: JSON.stringify(view.alt) };
        return objectChange(envelope.athleteId, before, after) ?? [];
      });
    } catch (error) {
      if (isTransient(error)) throw error;
      const code = error instanceof HubError ? error.code : 'normalise_failed';
      log.warn('envelope not read anew', { envelopeId: envelope.id, plugin: envelope.plugin, code });
      report.failed.push({ envelopeId: envelope.id, stream: envelope.stream, code });
      return [];
    }
  }

  async function* apply(walks: Walk[], input: RenormaliseInput, tell: () => void): AsyncGenerator<ObjectChange> {
    const target: Target = { ledger: store, blobs: parts.blobs };
    for (const walk of walks) {
      for await (const page of pages(walk.filter, input.signal)) {
        const changes: ObjectChange[] = [];
        await byAthlete(page, async (envelopes) => {
          for (const envelope of envelopes) {
            if (input.signal?.aborted) return;
            changes.push(...(await readOne(walk, target, envelope)));
            tell();
          }
        });
        yield* changes;
      }
    }
  }

  /** Athlete by athlete: what one change would lead to depends on those before, and these are kept in memory. */
  async function* foresee(walks: Walk[], input: RenormaliseInput, tell: () => void): AsyncGenerator<ObjectChange> {
    const athletes = await Promise.all(walks.map(({ filter }) => store.athletesToReadAnew(filter)));
    for (const athleteId of [...new Set(athletes.flat())].sort()) {
      const rehearsal = rehearse(store, athleteId);
      const target: Target = { ledger: rehearsal, blobs: { put: async (_owner, bytes) => sha256Hex(bytes) } };
      for (const walk of walks) {
        for await (const page of pages({ ...walk.filter, athleteId }, input.signal)) {
          for (const envelope of page) {
            if (input.signal?.aborted) break;
            await readOne(walk, target, envelope);
            tell();
          }
        }
      }
      if (input.signal?.aborted) return;
      yield* rehearsal.changes();
    }
  }

  return {
    async *run(input): AsyncGenerator<ObjectChange, Renormalised> {
      const walks = await Promise.all(providersFor(input).map((provider) => openWalk(provider, input)));
      const total = walks.reduce((sum, { report }) => sum + report.envelopes, 0);
      let done = 0;
      const tell = () => input.onProgress?.(++done, total);
      let objects = 0;
      for await (const change of (input.dryRun ? foresee : apply)(walks, input, tell)) {
        objects += 1;
        yield change;
      }
      const stopped = input.signal?.aborted === true && done < total;
      return { dryRun: input.dryRun, stopped, objects, plugins: walks.map(({ report }) => report) };
    },
  };
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || tries === BUSY_TRIES) throw error;
      await wait(BUSY_WAIT_MS);
    }
  }
}
