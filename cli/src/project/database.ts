/** The database alone, without the services of a hub: for looking at its schema and changing it. */
import type { World } from '../world.ts';
import { withStore } from './open-store.ts';
import type { ProjectFlags } from './read-project.ts';
import { withKeys } from './with-keys.ts';

export interface DatabaseReport {
  dialect: string;
  location: string;
  migrations: { name: string; appliedAt: string | null }[];
  /** Names applied by this command. */
  applied: string[];
}

export interface Database {
  migrate(): Promise<string[]>;
  report(applied: string[]): Promise<DatabaseReport>;
}

export async function withDatabase<T>(
  world: World,
  flags: ProjectFlags,
  options: { create: boolean },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { project } = await withKeys(world, flags, options);
  return withStore(world, project, ({ store }) =>
    work({
      migrate: () => store.migrate(),
      report: async (applied) => ({
        dialect: store.dialect,
        location: store.location,
        migrations: await store.migrationStatus(),
        applied,
      }),
    }),
  );
}
