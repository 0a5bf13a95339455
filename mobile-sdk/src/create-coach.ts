/** Puts the parts together. Everything a part needs is handed to it here. */
import { type Activities, createActivities } from './activities.ts';
import { createAutoSync } from './auto/auto-sync.ts';
import { waitForChange } from './auto/wait-for-change.ts';
import { notSaved } from './coach-error.ts';
import type { Driver } from './driver.ts';
import { createLiveQueries, type Watch } from './live-queries.ts';
import { openDatabase, type Tx } from './local/database.ts';
import { type DeadLetter, discardDeadLetter, readDeadLetters, retryDeadLetter } from './local/dead-letters.ts';
import { loadMeta, saveMeta } from './local/meta.ts';
import { createTables } from './local/schema.ts';
import { reportTimeZone } from './local/time-zone.ts';
import { write } from './local/write.ts';
import { createObjects, type Objects } from './objects.ts';
import { defaultPlatform, type Platform } from './platform.ts';
import { createSync } from './sync/create-sync.ts';
import type { Fetch } from './sync/post.ts';
import type { CoachStatus, SyncOptions, SyncReport } from './sync/report.ts';
import type { SyncDeps } from './sync/run.ts';

export interface CoachConfig {
  /** An open database that belongs to the SDK alone: one file for each athlete, never shared between two. */
  database: Driver;
  /** Where the hub is, without `/v1`. */
  baseUrl: string;
  /**
   * The athlete's token for the hub. With `force` the one given before was refused, so a fresh one is needed.
   * null means that the athlete must sign in; a rejection counts as being offline.
   */
  getToken(options: { force: boolean }): Promise<string | null>;
  platform?: Platform;
  fetch?: Fetch;
}

/** One athlete's data on this phone. Reads and writes are local and immediate; only `sync()` waits for a network. */
export interface Coach {
  activities: Activities;
  objects: Objects;
  /**
   * Calls back with what a query finds: at once, and again after each local transaction that touched its kind, be it a
   * write or a page of the hub. The function returned ends it.
   */
  watch: Watch;
  /**
   * Sends what waits and reads what is new. Calls at one time share one run, under the options of the first. Resolves
   * also when the hub is out of reach: `state` says how it ended, and nothing is lost. It tries again by itself only
   * under `keepInSync`.
   */
  sync(options?: SyncOptions): Promise<SyncReport>;
  /**
   * Syncs at once and from now on: a moment after each save, when the hub says that something is new, after each `nudge`,
   * every few minutes, and again after a failure, later each time. The function returned ends that; so does `close`.
   */
  keepInSync(): () => void;
  /**
   * Has `keepInSync` sync at once: the app came to the front, the network is back, the athlete has signed in, the hub
   * sent a push message.
   */
  nudge(): void;
  status(): Promise<CoachStatus>;
  /** Changes the hub refused for good. They no longer show in the objects. */
  deadLetters(): Promise<DeadLetter[]>;
  /** Makes the change again, as an edit of now. */
  retry(mid: string): Promise<void>;
  /** Forgets the change. */
  discard(mid: string): Promise<void>;
  /**
   * Ends watchers and a sync under way, and waits for the work in hand. The database stays open: whoever opened it
   * closes it, after this.
   */
  close(): Promise<void>;
}

/**
 * The coach can be used at once; the file is prepared before the first call is served. A file that cannot be used
 * rejects every call.
 */
export function createCoach(config: CoachConfig): Coach {
  const platform = config.platform ?? defaultPlatform();
  const live = createLiveQueries();
  const local = openDatabase(config.database, (tx) => prepareFile(tx, platform), live.changed);
  void reportTimeZone(local, platform);
  const hub: SyncDeps = {
    local,
    platform,
    fetch: config.fetch ?? ((url, init) => fetch(url, init)),
    baseUrl: config.baseUrl.replace(/\/+$/, ''),
    getToken: config.getToken,
  };
  const sync = createSync(hub);
  const auto = createAutoSync({
    sync: () => sync.sync(),
    waitForChange: async (signal) => {
      const { clientId, cursorRev: rev } = await local.read(loadMeta);
      return await waitForChange(hub, { clientId, rev }, signal);
    },
    platform,
  });
  const writable = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    sync.isReadOnly()
      ? Promise.reject(
          notSaved(
            'upgrade_required',
            'The hub has retired the protocol of this version.',
            'Update the app; its queue is kept.',
          ),
        )
      : local.write(work).then((value) => {
          auto.on('saved');
          return value;
        });
  const objects = createObjects(local, (kind, id, op, fields) =>
    writable((tx) => write(tx, platform, { kind, id, op, fields })),
  );
  return {
    activities: createActivities(objects, platform),
    objects,
    watch: live.watch(local),
    sync: sync.sync,
    keepInSync() {
      auto.on('started');
      return () => auto.on('stopped');
    },
    nudge: () => auto.on('nudged'),
    status: sync.status,
    deadLetters: () => local.read(readDeadLetters),
    retry: (mid) => writable((tx) => retryDeadLetter(tx, platform, mid)),
    discard: (mid) => local.write((tx) => discardDeadLetter(tx, mid)),
    async close() {
      live.stopAll();
      auto.on('stopped');
      await sync.stop();
      await local.idle();
    },
  };
}

async function prepareFile(tx: Tx, platform: Platform): Promise<void> {
  await createTables(tx.sql);
  const meta = await loadMeta(tx.sql);
  if (meta.clientId === '') await saveMeta(tx.sql, meta, { clientId: platform.randomUuid() });
}
