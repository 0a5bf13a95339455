/** The laws of a JobQueue. */
import type { Law } from './law.ts';
import { jobLaws } from './queue/job-laws.ts';
import { workerLaws } from './queue/worker-laws.ts';
import type { NewPlace } from './store/store-place.ts';

/**
 * Everything a JobQueue owes its callers.
 *
 * Time is a fake clock. `idle()` looks for work at the clock's present time, so a law moves the clock and waits.
 */
export function queueLaws(newPlace: NewPlace): Law[] {
  return [...jobLaws(newPlace), ...workerLaws(newPlace)];
}
