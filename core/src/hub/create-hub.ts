/** Wires the services of the hub. Starts nothing: the caller says when. */
import type { Egress } from '../egress/egress.ts';
import { REZONE_TASK, rezone } from '../ledger/rezone.ts';
import type { LoadedPlugins } from '../plugin/load-plugins.ts';
import type { NormalisePool } from '../plugin/normalise-pool.ts';
import type { OpenedStore } from '../store/opened-store.ts';
import type { Vault } from '../vault/vault.ts';
import { BLOB_SWEEP_TASK, sweepBlobsJob } from './blob-sweep.ts';
import { createBytesGate } from './bytes-gate.ts';
import type { HubConfig } from './config.ts';
import { createConnectService } from './connect-service.ts';
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
import { FETCH_TASK } from './split-delivery.ts';
import { createSyncService } from './sync-service.ts';
import { createTokenService } from './token-service.ts';
import { withdrawConnection, withdrawThing } from './withdraw.ts';

export interface HubDeps {
  opened: OpenedStore;
  plugins: LoadedPlugins;
  normalisePool: NormalisePool;
  egress: Egress;
  vault: Vault;
  clock: Clock;
  random: Random;
  log: Log;
  config: HubConfig;
}

/** Jobs worked on at once. */
const JOBS_AT_ONCE = 8;

export function createHub({ opened, ...deps }: HubDeps): Hub {
  const { store, queue, blobs } = opened;
  const parts: HubParts = { ...deps, store, queue, blobs, bytesGate: createBytesGate() };
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
  const retention = createRetentionService(parts, inbox.sweep);
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
    start() {
      pruner.start();
      keys.start();
      inbox.start(() => {
        parts.queue.start(
          {
            [FETCH_TASK]: fetchNoticeHandler({ ...parts, tokens, wake: inbox.wake }),
            [REZONE_TASK]: async (job) => {
              const { athleteId } = job.payload as { athleteId: string };
              await rezone(parts.store, athleteId, { newId: newObjectId(parts.random) });
              return undefined;
            },
            [BLOB_SWEEP_TASK]: (job) => sweepBlobsJob(parts, job),
            ...connect.jobs,
          },
          { concurrency: JOBS_AT_ONCE },
        );
      });
    },
    async close() {
      await pruner.stop();
      await inbox.stop();
      await parts.queue.stop();
      await keys.stop();
      await parts.normalisePool.close();
      parts.egress.close();
      await opened.close();
    },
  };
}
