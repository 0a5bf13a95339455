import type { SyncService } from '@coach-hub/core';

/** Longest a question about the head is held open, ms; below the patience of common proxies. */
export const LONG_POLL_MS = 25_000;

/**
 * Resolves when the athlete's rev is another than `after`, or when waiting is over: after 25 seconds or on one
 * of `signals`.
 *
 * It listens before it reads, so a commit between the two is not missed. A rev below `after` ends the wait too: the hub
 * was restored from a backup, and the client finds out by the epoch.
 */
export async function waitForRev(
  sync: Pick<SyncService, 'head' | 'subscribe'>,
  athleteId: string,
  after: number,
  signals: readonly AbortSignal[],
): Promise<void> {
  let wake: () => void = () => {};
  const changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const unsubscribe = sync.subscribe(athleteId, (rev) => rev !== after && wake());
  const timer = setTimeout(wake, LONG_POLL_MS);
  for (const signal of signals) signal.addEventListener('abort', wake);
  try {
    const { rev } = await sync.head(athleteId);
    if (rev === after && !signals.some(({ aborted }) => aborted)) await changed;
  } finally {
    unsubscribe();
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', wake);
  }
}
