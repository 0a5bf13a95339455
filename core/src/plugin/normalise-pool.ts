/**
 * Runs a plugin's `normalise`: in place for small envelopes, in worker threads for large ones, so that reading a
 * long activity does not hold up every other request.
 */
import { Worker } from 'node:worker_threads';
import { HubError } from '../error/hub-error.ts';
import type { EnvelopeView, FitReaderName, Normalised } from '../provider/envelope.ts';
import type { LoadedProvider } from './load-plugins.ts';
import { describeFailure, normaliseFailed } from './normalise-failure.ts';
import type { NormaliseReply, NormaliseRequest } from './normalise-message.ts';

/** Envelopes up to this size are read in place: a worker costs more than it saves. */
export const INLINE_BYTES = 256 * 1024;

export interface NormalisePoolOptions {
  /** Worker threads at most. */
  threads: number;
  /** Longest a single envelope may take, ms. */
  timeoutMs: number;
  /** Memory one worker may use, MiB. */
  memoryMb: number;
  /** Built `normalise-worker.js`. Default: the one beside this file; null: there is none, all is read in place. */
  workerUrl?: URL | null;
  /** Default `INLINE_BYTES`. */
  inlineBytes?: number;
  /** Which reader takes FIT files apart; handed to plugins with every envelope. */
  fitReader?: FitReaderName;
}

export interface NormalisePool {
  /** @throws HubError `normalise_failed`; the reason of `signal` when that is aborted. */
  normalise(
    provider: Pick<LoadedProvider, 'id' | 'adapter' | 'normaliseUrl'>,
    envelope: EnvelopeView,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Normalised>;
  /** What the worker threads have to do. */
  load(): PoolLoad;
  /** Ends the workers; what they were reading fails with `busy`, to be read again. */
  close(): Promise<void>;
}

export interface PoolLoad {
  waiting: number;
  running: number;
}

interface Task {
  plugin: string;
  request: NormaliseRequest;
  signal: AbortSignal | undefined;
  resolve(normalised: Normalised): void;
  reject(error: unknown): void;
}

export function createNormalisePool(options: NormalisePoolOptions): NormalisePool {
  const workerUrl = options.workerUrl === undefined ? besideThisFile() : options.workerUrl;
  const { inlineBytes = INLINE_BYTES, fitReader } = options;
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let running = 0;
  let isClosed = false;

  function pump(): void {
    while (!isClosed && waiting.length > 0 && (idle.length > 0 || all.size < options.threads)) {
      const task = waiting.shift();
      if (task) run(idle.pop() ?? startWorker(), task);
    }
  }

  /** Takes an aborted task out of the queue; one that runs already is ended by `run`. */
  function drop(task: Task): void {
    const place = waiting.indexOf(task);
    if (place < 0) return;
    waiting.splice(place, 1);
    task.reject(task.signal?.reason);
  }

  function startWorker(): Worker {
    if (workerUrl === null) throw new RangeError('there is no worker to start');
    const worker = new Worker(workerUrl, {
      // A mapping is pure: it gets no environment, and with it none of the hub's secrets.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
    });
    all.add(worker);
    // These stay for the worker's whole life: a plugin may throw, or its thread end, long after it answered.
    worker.on('error', () => forget(worker));
    worker.once('exit', () => {
      forget(worker);
      pump();
    });
    return worker;
  }

  /** A worker that is ending gets no work. */
  function forget(worker: Worker): void {
    all.delete(worker);
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
  }

  function run(worker: Worker, task: Task): void {
    const end = (settle: () => void, isUsable: boolean) => {
      running -= 1;
      clearTimeout(timer);
      task.signal?.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      if (isUsable && all.has(worker)) {
        worker.unref();
        idle.push(worker);
      } else {
        forget(worker);
        void worker.terminate();
      }
      settle();
      pump();
    };
    const fail = (why: string) => end(() => task.reject(normaliseFailed(task.plugin, { what: null, why })), false);
    const onAbort = () => end(() => task.reject(task.signal?.reason), false);
    const onExit = () => (isClosed ? end(() => task.reject(closing()), false) : fail('Its worker thread ended.'));
    const onError = (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? `It needed more than ${options.memoryMb} MiB.`
          : describeFailure(error).why,
      );
    const onMessage = (reply: NormaliseReply) =>
      end(
        () => (reply.ok ? task.resolve(reply.normalised) : task.reject(normaliseFailed(task.plugin, reply.failure))),
        true,
      );
    const timer = setTimeout(() => fail(`It took longer than ${options.timeoutMs} ms.`), options.timeoutMs);
    task.signal?.addEventListener('abort', onAbort, { once: true });
    worker.once('exit', onExit).once('error', onError).once('message', onMessage);
    running += 1;
    worker.ref();
    worker.postMessage(task.request, [task.request.envelope.bytes.buffer as ArrayBuffer]);
  }

  return {
    async normalise(provider, envelope, { signal } = {}) {
      signal?.throwIfAborted();
      const { id: plugin, normaliseUrl } = provider;
      const view = fitReader === undefined ? envelope : { ...envelope, options: { fitReader } };
      if (normaliseUrl === null || workerUrl === null || view.bytes.length <= inlineBytes) {
        return inPlace(provider, view);
      }
      if (isClosed) throw closing();
      // A copy of its own: the caller keeps its bytes, and a view would drag the whole buffer behind it along.
      const request = { normaliseUrl, envelope: { ...view, bytes: new Uint8Array(view.bytes) } };
      const normalised = await new Promise<Normalised>((resolve, reject) => {
        const task: Task = { plugin, request, signal, resolve, reject };
        signal?.addEventListener('abort', () => drop(task), { once: true });
        waiting.push(task);
        pump();
      });
      return checked(plugin, normalised);
    },
    load: () => ({ waiting: waiting.length, running }),
    async close() {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(closing());
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

/** Not the envelope's fault: it stays as it is, and the next start reads it. */
function closing(): HubError {
  return new HubError('busy', {
    what: 'An envelope was not read.',
    why: 'The hub is closing.',
    fix: 'Nothing to do: it is read when the hub starts again.',
  });
}

function inPlace({ id, adapter }: Pick<LoadedProvider, 'id' | 'adapter'>, envelope: EnvelopeView): Normalised {
  let normalised: Normalised;
  try {
    normalised = adapter.normalise(envelope);
  } catch (error) {
    throw normaliseFailed(id, describeFailure(error));
  }
  return checked(id, normalised);
}

/** A mapping that forgets to return, or returns a promise, is caught here and not deep in the ledger. */
function checked(plugin: string, normalised: Normalised): Normalised {
  if (Array.isArray(normalised?.claims) && Array.isArray(normalised.notes)) return normalised;
  throw normaliseFailed(plugin, { what: null, why: 'It returned something other than claims and notes.' });
}

/** Sources are not built: there is no worker beside them. */
function besideThisFile(): URL | null {
  return import.meta.url.endsWith('.ts') ? null : new URL('./normalise-worker.js', import.meta.url);
}
