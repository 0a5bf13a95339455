/** What the services of the hub are made of. Each asks for the parts it uses. */
import type { Egress } from '../egress/egress.ts';
import type { Meter } from '../metrics/meter.ts';
import type { AdapterPool } from '../plugin/adapter-pool.ts';
import type { LoadedPlugins } from '../plugin/load-plugins.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { JobQueue } from '../store/job-queue.ts';
import type { SyncStore } from '../store/sync-store.ts';
import type { Vault } from '../vault/vault.ts';
import type { BytesGate } from './bytes-gate.ts';
import type { HubConfig } from './config.ts';
import type { Log } from './log.ts';
import type { Clock, Random } from './ports.ts';

export interface HubParts {
  store: SyncStore;
  queue: JobQueue;
  blobs: BlobStore;
  bytesGate: BytesGate;
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
