import { HubError } from '@coach-hub/core';
import type { AppliedMigration, Migration } from './migration.ts';

/** A newer hub may have moved data to where this one does not look, so it must not write at all. */
export function refuseNewer(applied: AppliedMigration[], migrations: readonly Pick<Migration, 'name'>[]): void {
  const unknown = applied.filter(({ name }) => !migrations.some((each) => each.name === name)).at(-1);
  if (!unknown) return;
  throw new HubError('database_too_new', {
    what: `The database holds the migration ${unknown.name}, which this version of the hub does not know.`,
    why: `Version ${unknown.version} of @coach-hub/plugin-sql-store wrote it.`,
    fix: `Install that version or a newer one, or restore a backup from before the update.`,
    details: { migration: unknown.name, version: unknown.version },
  });
}
