/** `sync()` for the app: one run at a time, shared by all who ask meanwhile, and what is known about the last one. */
import type { Events } from '../events.ts';
import { loadMeta } from '../local/meta.ts';
import type { CoachStatus, SyncOptions, SyncReport, SyncState } from './report.ts';
import { type Joining, runSync, type SyncDeps } from './run.ts';

export interface Sync {
  sync(options?: SyncOptions): Promise<SyncReport>;
  status(): Promise<CoachStatus>;
  /** The hub has retired this SDK's protocol: writing must wait for a newer app. */
  isReadOnly(): boolean;
  /** Interrupts a run under way and waits for it to end. */
  stop(): Promise<void>;
}

interface Current {
  joining: Joining;
  abort(): void;
  report: Promise<SyncReport>;
}

export function createSync(deps: SyncDeps, events: Pick<Events, 'emit'>): Sync {
  let current: Current | null = null;
  let last: Pick<SyncReport, 'error' | 'retryAt'> & { state: SyncState } = {
    state: 'idle',
    error: null,
    retryAt: null,
  };

  const start = (options: SyncOptions): Current => {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const joining: Joining = { again: false, over: false };
    if (options.signal?.aborted) abort();
    options.signal?.addEventListener('abort', abort);
    const cancelDeadline = options.deadlineMs === undefined ? null : deps.platform.after(options.deadlineMs, abort);
    const run = async (): Promise<SyncReport> => {
      try {
        events.emit({ type: 'sync_started', at: deps.platform.now() });
        const report = await runSync(deps, controller.signal, joining);
        last = report;
        events.emit({ type: 'sync_ended', at: deps.platform.now(), report });
        return report;
      } finally {
        joining.over = true;
        cancelDeadline?.();
        options.signal?.removeEventListener('abort', abort);
      }
    };
    return { joining, abort, report: run() };
  };

  const isRunning = () => current !== null && !current.joining.over;

  return {
    sync(options = {}) {
      if (current && isRunning()) current.joining.again = true;
      else current = start(options);
      return current.report;
    },
    async status() {
      return await deps.local.read(async (sql) => {
        const meta = await loadMeta(sql);
        const [counts] = await sql.all<{ queued: number; deadLetters: number }>(
          'SELECT (SELECT count(*) FROM outbox) AS queued, (SELECT count(*) FROM dead_letter) AS deadLetters',
        );
        return {
          ...counts!,
          state: isRunning() ? 'syncing' : last.state,
          lastSyncAt: meta.lastSyncAt,
          lastError: last.error,
          retryAt: last.retryAt,
          clockOffsetMs: meta.clockOffsetMs,
          cursorRev: meta.cursorRev,
        };
      });
    },
    isReadOnly: () => last.state === 'upgrade_required',
    async stop() {
      current?.abort();
      await current?.report.catch(() => undefined);
    },
  };
}
