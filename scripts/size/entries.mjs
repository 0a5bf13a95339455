/**
 * What is weighed: what an app imports, without the database below, which is the platform's. Exported, so that a bundler
 * keeps it. `sdk-sync` is what moves changes: outbox, push and pull, state machine, lease, triggers; `sdk` is all of it,
 * with an app's words, live queries and diagnostics; `sdk-react` the hooks alone, beside an app that has React.
 */
export const OURS = {
  'sdk-sync': `
    export { createAutoSync } from '../mobile-sdk/src/auto/auto-sync.ts';
    export { waitForChange } from '../mobile-sdk/src/auto/wait-for-change.ts';
    export { openDatabase } from '../mobile-sdk/src/local/database.ts';
    export { createTables } from '../mobile-sdk/src/local/schema.ts';
    export { write } from '../mobile-sdk/src/local/write.ts';
    export { createSync } from '../mobile-sdk/src/sync/create-sync.ts';`,
  sdk: "export * from '@coach-hub/mobile-sdk';",
  'sdk-react': "export * from '@coach-hub/mobile-sdk/react';",
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
