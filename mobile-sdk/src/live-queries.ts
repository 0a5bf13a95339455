/** Queries that run again whenever a local transaction touched their kind. */
import type { Kind } from '@coach-hub/core/wire';
import type { LocalDatabase } from './local/database.ts';
import { type CoachObject, type Range, readList, readOne } from './local/read.ts';

/** One object, or null while it is not there. */
export interface OneQuery {
  kind: Kind;
  id: string;
}

export interface ListQuery extends Range {
  kind: Kind;
  id?: undefined;
}

/** A query that cannot run (the file cannot be used) is an unhandled rejection. */
export interface Watch {
  (query: OneQuery, callback: (object: CoachObject | null) => void): () => void;
  (query: ListQuery, callback: (objects: CoachObject[]) => void): () => void;
}

interface Watcher {
  kind: Kind;
  /** Runs the query and calls back, unless it has been stopped meanwhile. */
  deliver(): Promise<void>;
  dirty: boolean;
  busy: boolean;
}

export interface LiveQueries {
  watch(local: LocalDatabase): Watch;
  /** Told after each commit. Commits of one microtask turn lead to one call of each watcher. */
  changed(kinds: Set<Kind>): void;
  stopAll(): void;
}

export function createLiveQueries(): LiveQueries {
  const watchers = new Set<Watcher>();
  let scheduled = false;

  const flush = () => {
    scheduled = false;
    for (const watcher of watchers) if (watcher.dirty) void refresh(watcher);
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    void Promise.resolve().then(flush);
  };
  /** A watcher that is busy runs once more when it is done, so the last call always shows the last commit. */
  const refresh = async (watcher: Watcher): Promise<void> => {
    if (watcher.busy) return;
    watcher.busy = true;
    watcher.dirty = false;
    try {
      await watcher.deliver();
    } finally {
      watcher.busy = false;
      if (watcher.dirty) schedule();
    }
  };

  const add = <T>(kind: Kind, query: () => Promise<T>, callback: (result: T) => void): (() => void) => {
    const watcher: Watcher = { kind, dirty: true, busy: false, deliver };
    async function deliver() {
      const result = await query();
      if (watchers.has(watcher)) callback(result);
    }
    watchers.add(watcher);
    void refresh(watcher); // queued now, so that it shows what was there before anything the caller does next
    return () => void watchers.delete(watcher);
  };

  return {
    watch(local) {
      function watch(query: OneQuery, callback: (object: CoachObject | null) => void): () => void;
      function watch(query: ListQuery, callback: (objects: CoachObject[]) => void): () => void;
      function watch(query: OneQuery | ListQuery, callback: (result: never) => void): () => void {
        const { kind, id } = query;
        // The overloads pair query and callback; inside, only a cast can say so.
        return id === undefined
          ? add(kind, () => local.read((sql) => readList(sql, kind, query)), callback as (o: CoachObject[]) => void)
          : add(kind, () => local.read((sql) => readOne(sql, kind, id)), callback as (o: CoachObject | null) => void);
      }
      return watch;
    },
    changed(kinds) {
      for (const watcher of watchers) watcher.dirty ||= kinds.has(watcher.kind);
      schedule();
    },
    stopAll: () => watchers.clear(),
  };
}
