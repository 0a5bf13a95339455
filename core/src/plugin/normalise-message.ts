/** What the pool and its workers say to each other. */
import type { EnvelopeView, Normalised } from '../provider/envelope.ts';
import type { NormaliseFailure } from './normalise-failure.ts';

export interface NormaliseRequest {
  normaliseUrl: string;
  envelope: EnvelopeView;
}

export type NormaliseReply = { ok: true; normalised: Normalised } | { ok: false; failure: NormaliseFailure };
