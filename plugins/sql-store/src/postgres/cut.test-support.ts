import type { HubError } from '@coach-hub/core';
import { ask } from './own-databases.test-support.ts';

const MOST_TRIES = 20;

/** Ends every other connection of the database, as a restart of the server does. */
export function cutAll(url: string): Promise<void> {
  return ask(
    url,
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
}

/** As a caller does that is told to try again. */
export async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if ((error as HubError).code !== 'busy' || tries === MOST_TRIES) throw error;
    }
  }
}
