/** What the pool and its workers say to each other. */
import type { DeliveryView, EnvelopeView, Normalised, SplitResult } from '../provider/envelope.ts';
import type { NormaliseFailure } from './normalise-failure.ts';

/** One call of a function that a plugin's normalise entry exports. */
export type WorkerCall = { name: 'normalise'; input: EnvelopeView } | { name: 'split'; input: DeliveryView };

export type WorkerResult = { name: 'normalise'; output: Normalised } | { name: 'split'; output: SplitResult };

export type WorkerRequest = { normaliseUrl: string } & WorkerCall;

/** `absent`: the entry exports no such function. */
export type WorkerReply =
  | { outcome: 'done'; result: WorkerResult }
  | { outcome: 'failed'; failure: NormaliseFailure }
  | { outcome: 'absent' };
