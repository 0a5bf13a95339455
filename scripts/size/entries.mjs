/**
 * What is weighed: what an app imports to read, write and sync offline, without the database below, which is the
 * platform's. Exported, so that a bundler keeps it.
 */
export const OURS = {
  sdk: "export * from '@coach-hub/mobile-sdk';",
};

export const PEERS = {
  watermelondb: `
    export { appSchema, Database, Model, Q, tableSchema } from '@nozbe/watermelondb';
    export { synchronize } from '@nozbe/watermelondb/sync';`,
  rxdb: `
    export { createRxDatabase } from 'rxdb/plugins/core';
    export { replicateRxCollection } from 'rxdb/plugins/replication';`,
  tinybase: `
    export { createMergeableStore } from 'tinybase';
    export { createCustomSynchronizer } from 'tinybase/synchronizers';`,
  'powersync-common': "export * from '@powersync/common';",
  'powersync-web': "export { PowerSyncDatabase } from '@powersync/web';",
};
