/** What the pool and its worker threads say to each other. */
import type { ActivityFileResult } from './activity-file-result.ts';
import type { DecodeOptions, FitReaderName } from './decode-activity-file.ts';

/** How to decode a file in the pool. */
export interface DecodeJobOptions extends DecodeOptions {
  /** The reader for FIT files; our own when absent. */
  reader?: FitReaderName;
}

/** To the worker: one file. The worker has one at a time. */
export interface DecodeJob {
  bytes: Uint8Array<ArrayBuffer>;
  options: DecodeJobOptions;
}

/** From the worker: once when it is loaded, then one answer a job. */
export type DecodeReply = { kind: 'ready' } | { kind: 'result'; result: ActivityFileResult };
