/** The worker thread of `normalise-pool.ts`: imports a plugin's normalise entry and runs it, one envelope at a time. */
import { parentPort } from 'node:worker_threads';
import type { Normalise, Normalised } from '../provider/envelope.ts';
import { describeFailure } from './normalise-failure.ts';
import type { NormaliseReply, NormaliseRequest } from './normalise-message.ts';

const loaded = new Map<string, Promise<Normalise>>();

parentPort?.on('message', async (request: NormaliseRequest) => {
  try {
    const normalised = (await entryOf(request.normaliseUrl))(request.envelope);
    reply({ ok: true, normalised }, takeBuffers(normalised));
  } catch (error) {
    reply({ ok: false, failure: describeFailure(error) }, []);
  }
});

function reply(message: NormaliseReply, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

function entryOf(url: string): Promise<Normalise> {
  const known =
    loaded.get(url) ?? (import(url) as Promise<{ normalise: Normalise }>).then((module) => module.normalise);
  loaded.set(url, known);
  return known;
}

/** Series are moved, not copied. One that is a part of a larger buffer is copied first: the rest belongs to others. */
function takeBuffers({ claims }: Normalised): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { series } of claims) {
    if (series === null) continue;
    // Not `slice`: that of a Buffer is a view into the same memory.
    if (series.bytes.byteLength !== series.bytes.buffer.byteLength) series.bytes = new Uint8Array(series.bytes);
    if (series.bytes.buffer instanceof ArrayBuffer) buffers.add(series.bytes.buffer);
  }
  return [...buffers];
}
