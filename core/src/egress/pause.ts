import { setTimeout as wait } from 'node:timers/promises';

/** Waits `ms`, or rejects with the signal's reason as soon as it is aborted. Tests pass one that only notes the time. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

export const pause: Pause = async (ms, signal) => {
  signal?.throwIfAborted();
  try {
    await wait(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
