/** Coach Hub's store on SQLite and PostgreSQL. */
import { HubError, type StorePlugin } from '@coach-hub/core';
import { restoreBackup } from './backup/restore-backup.ts';
import { takeBackup } from './backup/take-backup.ts';
import { copyStore } from './copy/copy-to-postgres.ts';
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
  async backup(options) {
    if (isPostgresUrl(options.url)) throw useItsOwnTools();
    return takeBackup(options);
  },
  async restore(options) {
    if (isPostgresUrl(options.url)) throw useItsOwnTools();
    return restoreBackup(options);
  },
  copy: copyStore,
};

function useItsOwnTools(): HubError {
  return new HubError('not_supported', {
    what: 'The hub makes no backups of a PostgreSQL database.',
    why: 'PostgreSQL has tools for that, which know its log and its standbys.',
    fix: 'Use pg_dump, or a base backup. docs/operations/postgresql.md says how, and how a restore is noticed.',
  });
}
