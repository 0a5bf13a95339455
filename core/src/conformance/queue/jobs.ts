import type { JobQueue, NewJob } from '../../store/job-queue.ts';
import type { FakeClock } from '../fake-clock.ts';

/** A job of the task `work`. */
export function job(over: Partial<NewJob> = {}): NewJob {
  return { task: 'work', payload: null, ...over };
}

/** Moves the clock and lets the queue do what is due then. */
export async function advanceTo(queue: JobQueue, clock: FakeClock, ms: number): Promise<void> {
  clock.advance(ms);
  await queue.idle();
}

/** Holds jobs up until somebody opens it, or the queue asks them to end. */
export function gateKeeper(): { wait(signal: AbortSignal): Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const wait = (signal: AbortSignal) =>
    Promise.race([opened, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))]);
  return { wait, open: () => open() };
}
