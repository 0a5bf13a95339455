/** The worker thread of `adapter-pool.ts`: imports a plugin's normalise entry and calls it, one call at a time. */
import { parentPort } from 'node:worker_threads';
import type { Normalise, Split } from '../provider/envelope.ts';
import type { WorkerReply, WorkerRequest, WorkerResult } from './adapter-message.ts';
import { describeFailure } from './normalise-failure.ts';

/** What a normalise entry exports; `split` where the plugin wants large deliveries taken apart beside the server. */
interface Entry {
  normalise: Normalise;
  split?: Split;
}

const loaded = new Map<string, Promise<Entry>>();

parentPort?.on('message', async (request: WorkerRequest) => {
  try {
    const result = call(await entryOf(request.normaliseUrl), request);
    if (result === null) reply({ outcome: 'absent' }, []);
    else reply({ outcome: 'done', result }, takeBuffers(result));
  } catch (error) {
    reply({ outcome: 'failed', failure: describeFailure(error) }, []);
  }
});

function call(entry: Entry, request: WorkerRequest): WorkerResult | null {
  if (request.name === 'normalise') return { name: 'normalise', output: entry.normalise(request.input) };
  return entry.split === undefined ? null : { name: 'split', output: entry.split(request.input) };
}

function reply(message: WorkerReply, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

function entryOf(url: string): Promise<Entry> {
  const known = loaded.get(url) ?? (import(url) as Promise<Entry>);
  loaded.set(url, known);
  return known;
}

/** Bytes are moved, not copied. */
function takeBuffers({ name, output }: WorkerResult): ArrayBuffer[] {
  // Whether it has the right shape is for the pool to say.
  const holders =
    name === 'normalise'
      ? (output?.claims ?? []).flatMap(({ series }) => series ?? [])
      : [...(output?.envelopes ?? []), ...(output?.problems ?? [])];
  const buffers = new Set<ArrayBuffer>();
  for (const holder of holders) {
    // A part of a larger buffer is copied first: the rest belongs to others. Not `slice`: a Buffer's is a view again.
    if (holder.bytes.byteLength !== holder.bytes.buffer.byteLength) holder.bytes = new Uint8Array(holder.bytes);
    if (holder.bytes.buffer instanceof ArrayBuffer) buffers.add(holder.bytes.buffer);
  }
  return [...buffers];
}
