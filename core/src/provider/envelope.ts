/** What `split` makes of a delivery, and what `normalise` reads. All of it is plain data. */
import type { Form } from '../ledger/claim.ts';

/** Facts an adapter keeps beside the bytes; small, flat, no secrets. */
export type Ref = { [key: string]: string | number | boolean | null };

/** A request or answer as the host stored it. */
export interface DeliveryView {
  route: 'webhook' | 'fetch' | 'import';
  /** Headers the adapter named in `webhook.keepHeaders`, lower case. */
  headers: { readonly [name: string]: string };
  bytes: Uint8Array;
  /** For answers to a notice or an import: the notice's `ref`. */
  ref: Ref;
  /** Set for answers to a notice: the account it was fetched for. */
  identity: string | null;
}

/** The bytes of one thing of one account. */
export interface SplitEnvelope {
  /** The provider's id of the account (`ConnectionRow.identity`). Unknown ones are counted and dropped by the host. */
  identity: string;
  /** Stream it belongs to, one of the adapter's. */
  stream: string;
  externalId: string | null;
  bytes: Uint8Array;
  ref: Ref;
}

/** Something a delivery names but does not carry. */
export type Notice =
  /** Fetch this address, verbatim, with the connection's token; the answer becomes a delivery of route `fetch`. */
  | { type: 'fetch'; identity: string; stream: string; url: string; singleUse: boolean; ref: Ref }
  /** The provider deleted the thing: every claim of the external id is withdrawn. */
  | { type: 'deleted'; identity: string; stream: string; externalId: string }
  /** The provider ended the connection. */
  | { type: 'deauthorised'; identity: string }
  /** The full new set of what the athlete allows. */
  | { type: 'permissions'; identity: string; permissions: string[] };

/** One item of a delivery that has not the documented shape. It alone becomes a dead letter. */
export interface SplitProblem {
  /** Where in the delivery, for example `activities[3]`. */
  at: string;
  what: string;
  /** The item's bytes, kept with the dead letter. */
  bytes: Uint8Array;
  /**
   * How many of `envelopes` come before it in the delivery, so that a replay puts it where it was in the order of receipt.
   * Absent: none does.
   */
  after?: number;
}

export interface SplitResult {
  envelopes: SplitEnvelope[];
  notices: Notice[];
  problems: SplitProblem[];
}

/**
 * Reads a delivery (of any route) into envelopes and notices; a bad item harms no other. Pure. Where the plugin's
 * `normalise` entry exports it too, large deliveries are taken apart in a worker and hold up nobody.
 */
export type Split = (delivery: DeliveryView) => SplitResult;

/** A stored envelope as `normalise` sees it. */
export interface EnvelopeView {
  stream: string;
  externalId: string | null;
  bytes: Uint8Array;
  ref: Ref;
  /** SHA-256 of `bytes`, lower-case hex. */
  sha256: string;
  /** What the operator chose for every mapping. */
  options?: { fitReader: FitReaderName };
}

/** Which reader takes FIT files apart: our own, or the library an operator can fall back to. */
export type FitReaderName = 'own' | 'fit-file-parser';

/** Something a mapping noticed, for example an enum value it does not know. */
export interface Note {
  code: string;
  params?: { [key: string]: string | number };
}

/** A claim before the host adds whose it is and in which order it counts. */
export interface ClaimDraft {
  kind: import('../wire/kinds.ts').Kind;
  externalId: string;
  form: Form;
  part: number;
  origin: import('../ledger/claim.ts').Origin;
  identities: string[];
  groupKey: string | null;
  quality: import('../ledger/claim.ts').ClaimQuality | null;
  /** `null`: the provider says the thing is gone. */
  fields: import('../wire/json.ts').JsonObject | null;
  vendorVersion: number;
  supersession: number;
  /** Encoded series (`encodeSeries`); the host stores it as a blob of this claim. */
  series: { bytes: Uint8Array; channels: string[]; points: number } | null;
  /** The envelope's bytes are an original file that athletes can get back. */
  file: { name: string | null; mediaType: string } | null;
}

export interface Normalised {
  claims: ClaimDraft[];
  notes: Note[];
  /** Figures of a file import, one entry per claim, for reports; never stored. */
  report?: unknown[];
}

/**
 * Turns an envelope into claims. Pure: no clock, no I/O, no randomness, so history can be mapped again at any time
 * without a call to the vendor. An unknown enum value becomes `other` plus a note. Lives in the plugin's
 * `normalise` entry, which has no side effects at import because it also runs in workers.
 *
 * @throws HubError `normalise_failed` or any error: the envelope becomes a dead letter and can be replayed.
 */
export type Normalise = (envelope: EnvelopeView) => Normalised;
