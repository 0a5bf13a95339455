/**
 * The pruner of a running hub: now and then, and of all processes over one database only one.
 *
 * Two leases that nobody gives back say when the next look is due, so they hold over restarts too.
 */
import { HubError } from '../error/hub-error.ts';
import type { RetentionService } from './hub.ts';
import type { HubParts } from './hub-parts.ts';

const MINUTE_MS = 60_000;
/** The first look waits until what a start brings is over. */
const FIRST_MS = MINUTE_MS;
/** Whether bytes are named is only told by reading every claim: once a day is enough. */
const BLOBS_EVERY_MS = 24 * 60 * MINUTE_MS;

export interface Pruner {
  start(): void;
  stop(): Promise<void>;
}

export function createPruner(
  { store, clock, random, log, config }: Pick<HubParts, 'store' | 'clock' | 'random' | 'log' | 'config'>,
  retention: Pick<RetentionService, 'prune'>,
): Pruner {
  const { everyMinutes } = config.retention;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  /** An owner of its own for each look: what was taken once is not taken again before its time. */
  function isDue(name: string, everyMs: number): Promise<boolean> {
    const nowMs = clock.now();
    return store.acquireLease(name, random.uuid(), nowMs + everyMs, nowMs);
  }

  async function look(everyMs: number): Promise<void> {
    try {
      // A little less than the pause, so that a timer that comes early finds it due.
      if (!(await isDue('retention', everyMs * 0.9))) return;
      const withBlobs = await isDue('retention.blobs', BLOBS_EVERY_MS);
      const { pruned } = await retention.prune({ dryRun: false, withBlobs, signal: stopping.signal });
      const gone = pruned.filter(({ count }) => count > 0);
      if (gone.length > 0) log.info('pruned', Object.fromEntries(gone.map(({ what, count }) => [what, count])));
    } catch (error) {
      log.warn('pruning is tried again', { code: error instanceof HubError ? error.code : 'internal' });
    }
  }

  function plan(afterMs: number, everyMs: number): void {
    timer = setTimeout(() => {
      running = look(everyMs).then(() => {
        if (!stopping.signal.aborted) plan(everyMs, everyMs);
      });
    }, afterMs);
    timer.unref();
  }

  return {
    start() {
      if (everyMinutes !== null) plan(FIRST_MS, everyMinutes * MINUTE_MS);
    },
    async stop() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
