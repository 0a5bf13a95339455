/**
 * Runs a plugin's `normalise` and `split`: in place for small envelopes and deliveries, in worker threads for large
 * ones, so that reading a long activity does not hold up every other request.
 */
import { Worker } from 'node:worker_threads';
import { HubError } from '../error/hub-error.ts';
import type { DeliveryView, EnvelopeView, FitReaderName, Normalised, SplitResult } from '../provider/envelope.ts';
import type { WebhookAdapter } from '../provider/webhook.ts';
import type { WorkerCall, WorkerReply, WorkerRequest, WorkerResult } from './adapter-message.ts';
import type { LoadedProvider } from './load-plugins.ts';
import { describeFailure, normaliseFailed } from './normalise-failure.ts';

/** Envelopes and deliveries up to this size are read in place: a worker costs more than it saves. */
export const INLINE_BYTES = 256 * 1024;

export interface AdapterPoolOptions {
  /** Worker threads at most. */
  threads: number;
  /** Longest a single envelope or delivery may take, ms. */
  timeoutMs: number;
  /** Memory one worker may use, MiB. */
  memoryMb: number;
  /** Built `adapter-worker.js`. Default: the one beside this file; null: there is none, all is read in place. */
  workerUrl?: URL | null;
  /** Default `INLINE_BYTES`. */
  inlineBytes?: number;
  /** Which reader takes FIT files apart; handed to plugins with every envelope. */
  fitReader?: FitReaderName;
}

export interface AdapterPool {
  /** @throws HubError `normalise_failed`; the reason of `signal` when that is aborted. */
  normalise(
    provider: Pick<LoadedProvider, 'id' | 'adapter' | 'normaliseUrl'>,
    envelope: EnvelopeView,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Normalised>;
  /** @throws HubError `normalise_failed`. */
  split(
    provider: Pick<LoadedProvider, 'id' | 'normaliseUrl'>,
    webhook: Pick<WebhookAdapter, 'split'>,
    delivery: DeliveryView,
  ): Promise<SplitResult>;
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
  request: WorkerRequest;
  signal: AbortSignal | undefined;
  resolve(result: WorkerResult | null): void;
  reject(error: unknown): void;
}

export function createAdapterPool(options: AdapterPoolOptions): AdapterPool {
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
    const onMessage = (reply: WorkerReply) =>
      end(() => {
        if (reply.outcome === 'failed') task.reject(normaliseFailed(task.plugin, reply.failure));
        else task.resolve(reply.outcome === 'done' ? reply.result : null);
      }, true);
    const timer = setTimeout(() => fail(`It took longer than ${options.timeoutMs} ms.`), options.timeoutMs);
    task.signal?.addEventListener('abort', onAbort, { once: true });
    worker.once('exit', onExit).once('error', onError).once('message', onMessage);
    running += 1;
    worker.ref();
    worker.postMessage(task.request, [task.request.input.bytes.buffer as ArrayBuffer]);
  }

  /** Null: it is to be read in place, because it is small or there is no worker for it. */
  async function inWorker(
    { id: plugin, normaliseUrl }: Pick<LoadedProvider, 'id' | 'normaliseUrl'>,
    call: WorkerCall,
    signal?: AbortSignal,
  ): Promise<WorkerResult | null> {
    const { bytes } = call.input;
    if (normaliseUrl === null || workerUrl === null || bytes.length <= inlineBytes) return null;
    if (isClosed) throw closing();
    // A copy of its own: the caller keeps its bytes, and a view would drag the whole buffer behind it along.
    const input = { ...call.input, bytes: new Uint8Array(bytes) };
    return new Promise((resolve, reject) => {
      const task: Task = {
        plugin,
        request: { normaliseUrl, ...call, input } as WorkerRequest,
        signal,
        resolve,
        reject,
      };
      signal?.addEventListener('abort', () => drop(task), { once: true });
      waiting.push(task);
      pump();
    });
  }

  return {
    async normalise({ id, adapter, normaliseUrl }, envelope, { signal } = {}) {
      signal?.throwIfAborted();
      const input = fitReader === undefined ? envelope : { ...envelope, options: { fitReader } };
      const read = await inWorker({ id, normaliseUrl }, { name: 'normalise', input }, signal);
      return normalisedBy(id, read?.name === 'normalise' ? read.output : inPlace(id, () => adapter.normalise(input)));
    },
    async split({ id, normaliseUrl }, webhook, delivery) {
      const read = await inWorker({ id, normaliseUrl }, { name: 'split', input: delivery });
      return splitBy(id, read?.name === 'split' ? read.output : inPlace(id, () => webhook.split(delivery)));
    },
    load: () => ({ waiting: waiting.length, running }),
    async close() {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(closing());
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

/** Not the fault of what was to be read: it stays as it is, and the next start reads it. */
function closing(): HubError {
  return new HubError('busy', {
    what: 'Something taken in was not read.',
    why: 'The hub is closing.',
    fix: 'Nothing to do: it is kept, and read when the hub starts again.',
  });
}

function inPlace<Read>(plugin: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw normaliseFailed(plugin, describeFailure(error));
  }
}

/** A mapping that forgets to return, or returns a promise, is caught here and not deep in the ledger. */
function normalisedBy(plugin: string, normalised: Normalised): Normalised {
  if (Array.isArray(normalised?.claims) && Array.isArray(normalised.notes)) return normalised;
  throw normaliseFailed(plugin, { what: null, why: 'It returned something other than claims and notes.' });
}

function splitBy(plugin: string, split: SplitResult): SplitResult {
  if ([split?.envelopes, split?.notices, split?.problems].every(Array.isArray)) return split;
  throw normaliseFailed(plugin, {
    what: null,
    why: 'It returned something other than envelopes, notices and problems.',
  });
}

/** Sources are not built: there is no worker beside them. */
function besideThisFile(): URL | null {
  return import.meta.url.endsWith('.ts') ? null : new URL('./adapter-worker.js', import.meta.url);
}
