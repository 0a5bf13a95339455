/**
 * The worker thread of the decode pool: one file in, one answer out. The columns of the answer are handed over, not
 * copied: 24,000 records take a few milliseconds that way.
 */
import { parentPort } from 'node:worker_threads';
import type { ActivityFileResult } from './activity-file-result.ts';
import { decodeActivityFileWith } from './decode-activity-file.ts';
import type { DecodeJob, DecodeReply } from './decode-job.ts';

const port = parentPort;
if (port !== null) {
  const reply = (message: DecodeReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  port.on('message', async ({ bytes, options }: DecodeJob) => {
    const result = await decodeActivityFileWith(options.reader ?? 'own', bytes, options);
    reply({ kind: 'result', result }, columnBuffers(result));
  });
  reply({ kind: 'ready' });
}

/** The memory of every column of the answer. */
function columnBuffers(result: ActivityFileResult): ArrayBuffer[] {
  if (result.status !== 'decoded') return [];
  const buffers = new Set<ArrayBuffer>();
  for (const { columns } of result.file.sessions) {
    for (const { buffer } of Object.values(columns)) if (buffer instanceof ArrayBuffer) buffers.add(buffer);
  }
  return [...buffers];
}
