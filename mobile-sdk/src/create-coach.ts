/** Puts the parts together. Everything a part needs is handed to it here. */
import type { Kind, MutationOp, Window } from '@coach-hub/core/wire';
import { type Activities, createActivities } from './activities.ts';
import { createAutoSync } from './auto/auto-sync.ts';
import { waitForChange } from './auto/wait-for-change.ts';
import { CoachError, notSaved } from './coach-error.ts';
import { type Diagnostics, diagnose } from './diagnostics.ts';
import type { Driver } from './driver.ts';
import { type CoachEvent, createEvents } from './events.ts';
import { createLiveQueries, type Watch } from './live-queries.ts';
import { openDatabase, type Tx } from './local/database.ts';
import { type DeadLetter, discardDeadLetter, readDeadLetters, retryDeadLetter } from './local/dead-letters.ts';
import { markOf } from './local/mark.ts';
import { loadMeta, saveMeta } from './local/meta.ts';
import { createTables } from './local/schema.ts';
import { reportTimeZone } from './local/time-zone.ts';
import { write } from './local/write.ts';
import { createObjects, createWrites, type Objects, type Writes } from './objects.ts';
import { defaultPlatform, type Platform } from './platform.ts';
import { createQuestions, type Questions } from './questions.ts';
import { createDaily, createSingle, type Daily, type Single } from './singles.ts';
import { createSync } from './sync/create-sync.ts';
import type { Fetch } from './sync/post.ts';
import type { CoachStatus, SyncOptions, SyncReport } from './sync/report.ts';
import type { SyncDeps } from './sync/run.ts';
import { MAX_GROUP } from './sync/take-batch.ts';
import { createWorkouts, type Workouts } from './workouts.ts';

export interface CoachConfig {
  /** An open database that belongs to the SDK alone: one file for each athlete, never shared between two. */
  database: Driver;
  /**
   * Who is signed in, by whatever name the app has for them. A file that belongs to somebody else then rejects every call
   * with `client_athlete_mismatch`; `athleteFileName` gives each their own. Left out: the app sees to that itself.
   */
  athleteId?: string;
  /** `background` for a task beside the app: only one of the two syncs at a time. */
  role?: 'app' | 'background';
  /** Where the hub is, without `/v1`. */
  baseUrl: string;
  /**
   * The athlete's token for the hub. With `force` the one given before was refused, so a fresh one is needed.
   * null means that the athlete must sign in; a rejection counts as being offline.
   */
  getToken(options: { force: boolean }): Promise<string | null>;
  /**
   * What of the athlete's dates this phone holds: the last `activityDays` days of logs and measures, the next `planDays` of
   * the plan. Left out: everything. What leaves the window leaves the phone, never the hub.
   */
  window?: Window;
  platform?: Platform;
  fetch?: Fetch;
}

/** One athlete's data on this phone. Reads and writes are local and immediate; only `sync()` waits for a network. */
export interface Coach {
  activities: Activities;
  workouts: Workouts;
  settings: Single;
  profile: Single;
  wellness: Daily;
  nutrition: Daily;
  sleep: Daily;
  questions: Questions;
  objects: Objects;
  /**
   * Several changes as one: they are stored in one transaction, travel together, and the hub applies all of them or none.
   * At most 100; what `work` waits for besides its own writes holds up everything else.
   */
  together(work: (writes: Writes) => Promise<void>): Promise<void>;
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
  /** Calls back with each thing the SDK does, from now on. The function returned ends it. */
  onEvent(listener: (event: CoachEvent) => void): () => void;
  /** For a support request: how things stand, without a value, an id or a token. */
  diagnostics(): Promise<Diagnostics>;
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
  const events = createEvents();
  const local = openDatabase(config.database, (tx) => prepareFile(tx, platform, config.athleteId), live.changed);
  void reportTimeZone(local, platform);
  const hub: SyncDeps = {
    local,
    platform,
    fetch: config.fetch ?? ((url, init) => fetch(url, init)),
    baseUrl: config.baseUrl.replace(/\/+$/, ''),
    getToken: config.getToken,
    window: config.window,
    role: config.role ?? 'app',
  };
  const sync = createSync(hub, events);
  const auto = createAutoSync({
    sync: () => sync.sync(),
    waitForChange: async (signal) => {
      const { clientId, cursorRev: rev } = await local.read(loadMeta);
      return await waitForChange(hub, { clientId, rev }, signal);
    },
    platform,
    onState: (state) => events.emit({ type: 'auto', at: platform.now(), state }),
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
  const saved = (kind: Kind, op: MutationOp) => events.emit({ type: 'saved', at: platform.now(), kind, op });
  const objects = createObjects(local, (kind, id, op, fields) =>
    writable((tx) => write(tx, platform, { kind, id, op, fields })).then(() => saved(kind, op)),
  );
  return {
    activities: createActivities(objects, platform),
    workouts: createWorkouts(objects, platform),
    settings: createSingle(objects, 'settings'),
    profile: createSingle(objects, 'profile'),
    wellness: createDaily(objects, platform, 'wellness_day'),
    nutrition: createDaily(objects, platform, 'nutrition_day'),
    sleep: createDaily(objects, platform, 'sleep'),
    questions: createQuestions(objects),
    objects,
    async together(work) {
      const made = await writable((tx) => writeTogether(tx, platform, work));
      for (const [kind, op] of made) saved(kind, op);
    },
    watch: live.watch(local),
    sync: sync.sync,
    keepInSync() {
      auto.on('started');
      return () => auto.on('stopped');
    },
    nudge: () => auto.on('nudged'),
    status: sync.status,
    onEvent: events.on,
    diagnostics: async () => diagnose(local, platform.now(), await sync.status(), events.recent()),
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

async function prepareFile(tx: Tx, platform: Platform, athleteId?: string): Promise<void> {
  await createTables(tx.sql);
  const meta = await loadMeta(tx.sql);
  if (meta.clientId === '') await saveMeta(tx.sql, meta, { clientId: platform.randomUuid() });
  if (athleteId === undefined) return;
  const athlete = markOf(athleteId);
  if (meta.athlete === null) await saveMeta(tx.sql, meta, { athlete });
  else if (meta.athlete !== athlete) {
    throw new CoachError('client_athlete_mismatch', {
      what: "The athlete's file was not opened.",
      why: 'It belongs to another athlete.',
      fix: 'Open a file of its own for each athlete; athleteFileName() names them.',
    });
  }
}

/** @returns kind and op of each change. */
async function writeTogether(
  tx: Tx,
  platform: Platform,
  work: (writes: Writes) => Promise<void>,
): Promise<[Kind, MutationOp][]> {
  const meta = await loadMeta(tx.sql);
  const group = meta.nextTx;
  await saveMeta(tx.sql, meta, { nextTx: group + 1 });
  const made: [Kind, MutationOp][] = [];
  await work(
    createWrites(async (kind, id, op, fields) => {
      if (made.push([kind, op]) > MAX_GROUP)
        throw notSaved('invalid_value', `More than ${MAX_GROUP} changes.`, 'Make several groups of them.');
      await write(tx, platform, { kind, id, op, fields, tx: group });
    }),
  );
  return made;
}
