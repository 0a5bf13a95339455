/** Wires the services of the hub. Starts nothing: the caller says when. */
import type { Egress } from '../egress/egress.ts';
import { RE_RESOLVE_TASK, reResolve } from '../ledger/re-resolve.ts';
import { createGaugeService } from '../metrics/gauge-service.ts';
import type { Meter } from '../metrics/meter.ts';
import { meteredJobs } from '../metrics/metered-jobs.ts';
import { meteredPool } from '../metrics/metered-pool.ts';
import { meteredStore } from '../metrics/metered-store.ts';
import type { AdapterPool } from '../plugin/adapter-pool.ts';
import type { LoadedPlugins } from '../plugin/load-plugins.ts';
import type { JobHandler } from '../store/job-queue.ts';
import type { OpenedStore } from '../store/opened-store.ts';
import type { Vault } from '../vault/vault.ts';
import { BLOB_SWEEP_TASK, sweepBlobsJob } from './blob-sweep.ts';
import { createBytesGate } from './bytes-gate.ts';
import type { HubConfig } from './config.ts';
import { createConnectService } from './connect-service.ts';
import { FETCH_TASK } from './fetch-job.ts';
import { fetchNoticeHandler } from './fetch-notice.ts';
import { createHealthService } from './health-service.ts';
import type { Hub } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { createImportService } from './import-service.ts';
import { createInbox } from './inbox-service.ts';
import { createKeyService } from './key-service.ts';
import type { Log } from './log.ts';
import { newObjectId } from './object-id.ts';
import { createObjectService } from './object-service.ts';
import type { Clock, Random } from './ports.ts';
import { createPruner } from './pruner.ts';
import { createRenormaliseService } from './renormalise-service.ts';
import { createRetentionService } from './retention-service.ts';
import { createSyncService } from './sync-service.ts';
import { createTokenService } from './token-service.ts';
import { withdrawConnection, withdrawThing } from './withdraw.ts';

export interface HubDeps {
  opened: OpenedStore;
  plugins: LoadedPlugins;
  adapterPool: AdapterPool;
  egress: Egress;
  vault: Vault;
  clock: Clock;
  random: Random;
  log: Log;
  meter: Meter;
  config: HubConfig;
}

/** Jobs worked on at once. */
const JOBS_AT_ONCE = 8;
/** Longest that what is in hand may take when the hub closes, ms. */
const WORK_MS = 10_000;

export function createHub({ opened, ...deps }: HubDeps): Hub {
  const parts: HubParts = {
    ...deps,
    store: meteredStore(opened.store, deps.meter),
    adapterPool: meteredPool(deps.adapterPool, deps),
    queue: opened.queue,
    blobs: opened.blobs,
    bytesGate: createBytesGate(),
  };
  const tokens = createTokenService(parts);
  const connect = createConnectService({
    ...parts,
    tokens,
    withdraw: (connection) => withdrawConnection(parts, connection),
  });
  const inbox = createInbox(parts, {
    deauthorised: connect.deauthorised,
    permissionsChanged: connect.permissionsChanged,
    withdraw: (connection, stream, externalId, receipt) =>
      withdrawThing(parts, connection, stream, externalId, receipt),
  });
  const retention = createRetentionService(parts);
  const pruner = createPruner(parts, retention);
  const keys = createKeyService(parts);
  return {
    plugins: {
      list: () => parts.plugins.infos,
      async startFake(id, { port }) {
        const fake = await parts.plugins.fake(id);
        return fake.start({ port, now: () => parts.clock.now(), random: () => parts.random.next(), log: parts.log });
      },
    },
    athletes: {
      async ensure(athleteId) {
        await parts.store.ensureAthlete(athleteId);
      },
      async ofSubject(issuer, subject, firstId) {
        const row = await parts.store.athleteOfSubject(
          issuer,
          subject,
          firstId ?? `ath_${parts.random.uuid().replaceAll('-', '')}`,
        );
        return row.athleteId;
      },
    },
    inbox: inbox.service,
    connect: connect.service,
    importer: createImportService(parts),
    renormalise: createRenormaliseService(parts),
    retention,
    sync: createSyncService(parts),
    objects: createObjectService(parts),
    health: createHealthService(parts),
    keys: keys.service,
    gauges: createGaugeService(parts),
    start() {
      pruner.start();
      keys.start();
      inbox.start();
      const handlers: { [task: string]: JobHandler } = {
        [FETCH_TASK]: fetchNoticeHandler({ ...parts, tokens, wake: inbox.wake }),
        [RE_RESOLVE_TASK]: async (job) => {
          const { athleteId } = job.payload as { athleteId: string };
          await reResolve(parts.store, athleteId, { newId: newObjectId(parts.random) });
          return undefined;
        },
        [BLOB_SWEEP_TASK]: (job) => sweepBlobsJob(parts, job),
        ...connect.jobs,
      };
      parts.queue.start(meteredJobs(handlers, parts), { concurrency: JOBS_AT_ONCE });
    },
    async close({ workMs = WORK_MS } = {}) {
      // A file at a worker thread is all that can take longer than this: without its thread it is given up.
      const giveUp = setTimeout(() => void parts.adapterPool.close(), workMs);
      await pruner.stop();
      await Promise.all([inbox.stop(), parts.queue.stop(workMs)]);
      clearTimeout(giveUp);
      await keys.stop();
      await parts.adapterPool.close();
      parts.egress.close();
      await opened.close();
    },
  };
}
