/** What the SDK does, as it happens: for a status line, and for the last pages of a support request. */
import type { AutoState } from './auto/table.ts';
import type { SyncReport } from './sync/report.ts';

export type CoachEvent =
  | { type: 'saved'; at: number; kind: string; op: string }
  | { type: 'sync_started'; at: number }
  | { type: 'sync_ended'; at: number; report: SyncReport }
  | { type: 'auto'; at: number; state: AutoState };

/** Events kept for diagnostics. */
const KEPT = 100;

export interface Events {
  emit(event: CoachEvent): void;
  /** Calls back with each event from now on. The function returned ends it. */
  on(listener: (event: CoachEvent) => void): () => void;
  /** The last ones, oldest first. */
  recent(): readonly CoachEvent[];
}

export function createEvents(): Events {
  const listeners = new Set<(event: CoachEvent) => void>();
  const kept: CoachEvent[] = [];
  return {
    emit(event) {
      kept.push(event);
      if (kept.length > KEPT) kept.shift();
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch {
          // A screen that fails must not stop a sync.
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    recent: () => kept,
  };
}
