/** Coach Hub's store on SQLite and PostgreSQL. */
import type { StorePlugin } from '@coach-hub/core';
import { restoreBackup } from './backup/restore-backup.ts';
import { takeBackup } from './backup/take-backup.ts';
import { isPostgresUrl } from './postgres/location.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { isFolderUrl } from './sqlite/location.ts';
import { openFolder } from './sqlite/open-folder.ts';

/**
 * Opens a data folder (objects, inbox, connections and queue in one SQLite database, large bytes as files beside it) or a
 * PostgreSQL database, which holds all of it.
 */
export const plugin: StorePlugin = {
  id: 'sql-store',
  opens: (url) => isFolderUrl(url) || isPostgresUrl(url),
  open: (options) => (isPostgresUrl(options.url) ? openPostgres(options) : openFolder(options)),
  backup: takeBackup,
  restore: restoreBackup,
};
