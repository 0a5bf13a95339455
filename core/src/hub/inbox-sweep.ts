/**
 * Bytes of the inbox go only here and in `coach db prune`: equal deliveries share one blob, so no single one may take it.
 *
 * Within this process a sweep waits for what is being stored. Another process may be storing as well, a body first and
 * the delivery that names it after: so bytes younger than BLOB_GRACE_MS stay, named or not.
 */
import { INBOX_OWNER } from '../store/blob-store.ts';
import { BLOB_GRACE_MS } from './blob-sweep.ts';
import type { HubParts } from './hub-parts.ts';

const LOOK_AGAIN_MS = 5;

export interface InboxSweep {
  /** Does work that stores bytes of the inbox; it waits while they are swept. */
  store<T>(work: () => Promise<T>): Promise<T>;
  /** Sweeps once what is being stored is stored; says how many went. Never rejects: bytes too many do no harm. */
  run(): Promise<number>;
  /** Resolves when no sweep runs. */
  over(): Promise<void>;
  /** Lets a sweep that still waits end at once. */
  giveUp(): void;
}

export function createInboxSweep({ store, blobs, log }: Pick<HubParts, 'store' | 'blobs' | 'log'>): InboxSweep {
  let storing = 0;
  let givenUp = false;
  let running: Promise<number> | null = null;

  async function sweep(): Promise<number> {
    while (storing > 0 && !givenUp) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    if (givenUp) return 0;
    try {
      const removed = await blobs.keepOnly(INBOX_OWNER, () => store.inboxBlobs(), BLOB_GRACE_MS);
      if (removed > 0) log.info('bytes of split deliveries removed', { blobs: removed });
      return removed;
    } catch (error) {
      log.warn('bytes of split deliveries stay until the next sweep', {
        error: error instanceof Error ? error.message : undefined,
      });
      return 0;
    }
  }

  async function over(): Promise<void> {
    while (running !== null) await running;
  }

  return {
    async store(work) {
      await over();
      storing += 1;
      try {
        return await work();
      } finally {
        storing -= 1;
      }
    },
    run() {
      running ??= sweep().finally(() => {
        running = null;
      });
      return running;
    },
    over,
    giveUp() {
      givenUp = true;
    },
  };
}
