import { failureText, type Log } from '@coach-hub/core';
import type { Effects } from './database.ts';

/** Tells listeners what was committed: each athlete's newest rev once per commit, and that there are jobs. */
export interface Announcer {
  announce(effects: Effects): void;
  /** Returns the unsubscribe. */
  onCommit(listener: (athleteId: string, rev: number) => void): () => void;
  onJobs(listener: () => void): void;
}

export function createAnnouncer(log: Log): Announcer {
  const commitListeners = new Set<(athleteId: string, rev: number) => void>();
  const jobListeners = new Set<() => void>();

  /** A listener that throws must not make a stored change look failed. */
  function call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      log.error('a listener of commits failed', { error: failureText(error) });
    }
  }

  return {
    announce({ revs, jobs }) {
      for (const [athleteId, rev] of revs) {
        for (const listener of commitListeners) call(() => listener(athleteId, rev));
      }
      if (jobs) for (const listener of jobListeners) call(listener);
    },
    onCommit(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own = (athleteId: string, rev: number) => listener(athleteId, rev);
      commitListeners.add(own);
      return () => void commitListeners.delete(own);
    },
    onJobs(listener) {
      jobListeners.add(listener);
    },
  };
}
