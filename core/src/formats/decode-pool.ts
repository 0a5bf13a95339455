/**
 * Decodes files without holding up anybody else: small ones in place, larger ones in worker threads with limits on time
 * and memory. A file that exceeds a limit gets an answer that says so, and the others go on.
 */
import type { ActivityFileResult } from './activity-file-result.ts';
import { decodeActivityFileWith } from './decode-activity-file.ts';
import type { DecodeJobOptions } from './decode-job.ts';
import { DecodeThread } from './decode-thread.ts';

/** Decodes up to here take less than a thread's round trip would gain. */
const INLINE_BELOW_BYTES = 256 * 1024;

export interface DecodePoolOptions {
  /** Files decoded at a time in worker threads; each starts with its first file. */
  threads: number;
  /** Smaller files are decoded in place, in about a millisecond. 256 KiB when absent. */
  inlineBelowBytes?: number;
  /** A file that takes longer is given up. */
  timeoutMs: number;
  /** JavaScript heap of one worker in MiB. Columns lie outside of it; the reader's own limits bound them. */
  maxOldGenerationMb: number;
  /** The built worker; tests bring their own. */
  workerUrl?: URL;
}

export interface DecodePool {
  /**
   * Decodes one file. The bytes stay the caller's and may be used again.
   *
   * @throws what `signal` was aborted with, also when the pool is closed meanwhile (an `AbortError`).
   */
  decode(bytes: Uint8Array, options?: DecodeJobOptions, signal?: AbortSignal): Promise<ActivityFileResult>;
  /** Ends all workers. Files that are waiting or being decoded are given up. */
  close(): Promise<void>;
}

/** A pool with no thread yet. Whoever creates it closes it. */
export function createDecodePool(options: DecodePoolOptions): DecodePool {
  const { inlineBelowBytes = INLINE_BELOW_BYTES, timeoutMs, maxOldGenerationMb } = options;
  const workerUrl = options.workerUrl ?? new URL('./decode-worker.js', import.meta.url);
  const threads = Array.from(
    { length: Math.max(1, options.threads) },
    () => new DecodeThread({ workerUrl, timeoutMs, maxOldGenerationMb }),
  );
  const idle = [...threads];
  const waiting: ((thread: DecodeThread) => void)[] = [];
  const running = new Set<AbortController>();
  let closedBy: DOMException | null = null;

  /** Resolves with a free thread; whoever gets one gives it back. */
  function freeThread(signal: AbortSignal): Promise<DecodeThread> {
    const thread = idle.pop();
    if (thread !== undefined) return Promise.resolve(thread);
    return new Promise((resolve, reject) => {
      const take = (free: DecodeThread): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(free);
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(signal.reason);
      };
      waiting.push(take);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  function giveBack(thread: DecodeThread): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  }

  /** One file by one thread, given up when `stop` says so. */
  async function decodeInThread(bytes: Uint8Array, job: DecodeJobOptions, stop: AbortSignal) {
    const thread = await freeThread(stop);
    try {
      stop.throwIfAborted();
      return await thread.run(bytes, job, stop);
    } finally {
      giveBack(thread);
    }
  }

  return {
    async decode(bytes, job = {}, signal) {
      signal?.throwIfAborted();
      if (closedBy !== null) throw closedBy;
      if (bytes.length < inlineBelowBytes) return decodeActivityFileWith(job.reader ?? 'own', bytes, job);
      const stop = new AbortController();
      const abort = (): void => stop.abort(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      running.add(stop);
      try {
        return await decodeInThread(bytes, job, stop.signal);
      } finally {
        running.delete(stop);
        signal?.removeEventListener('abort', abort);
      }
    },
    async close() {
      closedBy ??= new DOMException('The decode pool is closed.', 'AbortError');
      for (const stop of running) stop.abort(closedBy);
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}
