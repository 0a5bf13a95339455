import type { SyncService } from '@coach-hub/core';

export interface LiveRev {
  sync: Pick<SyncService, 'head' | 'subscribe'>;
  /** A commit: the rev moves and everybody who listens is told. */
  commit(rev: number): void;
  listeners(): number;
  /** Runs in the middle of the next `head`, after it read the rev. */
  duringHead(run: () => void): void;
}

/** One athlete's rev that a test moves. */
export function liveRev(start: number): LiveRev {
  let rev = start;
  let during: () => void = () => {};
  const listeners = new Set<(rev: number) => void>();
  return {
    sync: {
      async head() {
        const read = { epoch: 'ep_7Q', rev };
        during();
        during = () => {};
        return read;
      },
      subscribe(_athleteId, onRev) {
        listeners.add(onRev);
        return () => void listeners.delete(onRev);
      },
    },
    commit(next) {
      rev = next;
      for (const tell of listeners) tell(next);
    },
    listeners: () => listeners.size,
    duringHead(run) {
      during = run;
    },
  };
}
