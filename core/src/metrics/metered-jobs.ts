import type { Clock } from '../hub/ports.ts';
import type { JobHandler } from '../store/job-queue.ts';
import type { Meter } from './meter.ts';

/** Handlers that tell how each run ended and how long it took. A run the hub itself stopped is not counted. */
export function meteredJobs(
  handlers: { [task: string]: JobHandler },
  { meter, clock }: { meter: Meter; clock: Clock },
): { [task: string]: JobHandler } {
  return Object.fromEntries(
    Object.entries(handlers).map(([task, handler]): [string, JobHandler] => [
      task,
      async (job, signal) => {
        const startedAtMs = clock.now();
        const told = (outcome: string) => {
          meter.count('coach_jobs_total', { task, outcome });
          meter.observe('coach_job_duration_seconds', { task }, (clock.now() - startedAtMs) / 1_000);
        };
        try {
          const answer = await handler(job, signal);
          told(answer === undefined ? 'done' : 'postponed');
          return answer;
        } catch (error) {
          if (!signal.aborted) told('failed');
          throw error;
        }
      },
    ]),
  );
}
