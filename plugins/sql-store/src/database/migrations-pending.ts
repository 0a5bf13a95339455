import { HubError } from '@coach-hub/core';

/** A statement met a table or a column that is not there yet. */
export function migrationsPending(cause: unknown): HubError {
  return new HubError(
    'internal',
    {
      what: 'The database is not in the shape this version needs.',
      why: 'Migrations are pending.',
      fix: 'Run "coach db migrate".',
    },
    { cause },
  );
}
