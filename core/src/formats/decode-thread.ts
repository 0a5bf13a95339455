/**
 * One worker thread of the decode pool. It lives as long as its files behave: one that takes too long or too much
 * memory ends it, and the next file gets a new one.
 */
import { Worker } from 'node:worker_threads';
import { type ActivityFileResult, unreadable } from './activity-file-result.ts';
import type { DecodeJobOptions, DecodeReply } from './decode-job.ts';

export interface DecodeThreadLimits {
  workerUrl: URL;
  timeoutMs: number;
  maxOldGenerationMb: number;
}

export class DecodeThread {
  private worker: Worker | null = null;
  /** Whether the worker's code is loaded: before that, a failure is not the file's. */
  private isLoaded = false;
  private readonly limits: DecodeThreadLimits;

  constructor(limits: DecodeThreadLimits) {
    this.limits = limits;
  }

  /**
   * Decodes one file; the caller waits for the answer before it sends another.
   *
   * @throws whatever `signal` was aborted with, or why the worker's code could not be loaded.
   */
  run(bytes: Uint8Array, options: DecodeJobOptions, signal: AbortSignal | undefined): Promise<ActivityFileResult> {
    const worker = this.worker ?? this.start();
    return new Promise<ActivityFileResult>((resolve, reject) => {
      const settle = (finish: () => void, keepWorker: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        if (keepWorker) worker.unref();
        else void this.end();
        finish();
      };
      const answer = (result: ActivityFileResult, keepWorker = false): void =>
        settle(() => resolve(result), keepWorker);
      const onMessage = (reply: DecodeReply): void => {
        if (reply.kind === 'result') return answer(reply.result, true);
        this.isLoaded = true;
        startClock();
      };
      const onError = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') answer(this.outOfMemory());
        else if (this.isLoaded) answer(defect());
        else settle(() => reject(error), false);
      };
      const onExit = (): void => answer(defect());
      const onAbort = (): void => settle(() => reject(signal?.reason), false);
      // The clock is the file's: a worker that is slow to start does not count against it.
      let timer: NodeJS.Timeout | undefined;
      const startClock = (): void => {
        timer = setTimeout(() => answer(this.timedOut()), this.limits.timeoutMs);
      };
      if (this.isLoaded) startClock();
      signal?.addEventListener('abort', onAbort, { once: true });
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.ref();
      // The caller keeps its bytes: the worker gets a copy, which is handed over.
      const copy = new Uint8Array(bytes);
      worker.postMessage({ bytes: copy, options }, [copy.buffer]);
    });
  }

  /** Ends the worker, whatever it is doing. */
  async end(): Promise<void> {
    const worker = this.worker;
    this.worker = null;
    await worker?.terminate();
  }

  private start(): Worker {
    const { workerUrl, maxOldGenerationMb } = this.limits;
    const worker = new Worker(workerUrl, { resourceLimits: { maxOldGenerationSizeMb: maxOldGenerationMb } });
    this.worker = worker;
    this.isLoaded = false;
    // While it is idle nobody listens; one that ends then is replaced at the next file.
    const forget = (): void => {
      if (this.worker === worker) this.worker = null;
    };
    worker.on('error', forget).on('exit', forget);
    return worker;
  }

  private timedOut(): ActivityFileResult {
    return unreadable('decode_timeout', `Decoding the file took longer than ${this.limits.timeoutMs} ms.`);
  }

  private outOfMemory(): ActivityFileResult {
    const limit = this.limits.maxOldGenerationMb;
    return unreadable('decode_out_of_memory', `Decoding the file needed more than ${limit} MiB of memory.`);
  }
}

function defect(): ActivityFileResult {
  return unreadable('decode_failed', 'The decoder ended without an answer.');
}
