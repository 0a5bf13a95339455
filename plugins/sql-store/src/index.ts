/** Coach Hub's store on SQLite. */
import type { StorePlugin } from '@coach-hub/core';
import { restoreBackup } from './backup/restore-backup.ts';
import { takeBackup } from './backup/take-backup.ts';
import { isFolderUrl } from './location.ts';
import { openStore } from './open-store.ts';

/** Opens a data folder: objects, inbox, connections and queue in one SQLite database, large bytes as files beside it. */
export const plugin: StorePlugin = {
  id: 'sql-store',
  opens: isFolderUrl,
  open: openStore,
  backup: takeBackup,
  restore: restoreBackup,
};
