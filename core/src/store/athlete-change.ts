/** The one way synced objects are written: load → decide → write, in one transaction, under the athlete's counter. */
import type { ObjectState } from '../ledger/object-state.ts';
import type { Kind } from '../wire/kinds.ts';
import type { MutationResult } from '../wire/sync.ts';
import type { NewJob } from './job-queue.ts';

/** An athlete and their counter. */
export interface AthleteRow {
  athleteId: string;
  /** Rises when this athlete's data is reset; part of the cursor's epoch. */
  epochN: number;
  /** The last rev given out. */
  rev: number;
  /** Cursors below this can no longer be served by a delta. */
  floor: number;
  /** IANA zone of the profile; null until the phone or an import said. */
  timeZone: string | null;
  /** The athlete's `settings.sourcePriority`; empty until they said. */
  sourcePriority: SourcePriority;
}

/** Providers by group of fields, the preferred one first. */
export type SourcePriority = { readonly [group: string]: readonly string[] };

/** One stored object: what clients see, and the state it was resolved from. */
export interface StoredObject {
  kind: Kind;
  id: string;
  rev: number;
  /** Rev of the first write under this id: the age of the id. */
  createdRev: number;
  day: string | null;
  /** Start in epoch ms for timed kinds; the matcher's window reads it. */
  startedAtMs: number | null;
  deleted: boolean;
  /** The view's `data` as JSON text, exactly as it travels. */
  data: string;
  /** The view's `alt` as JSON text, null when empty. */
  alt: string | null;
  state: ObjectState;
}

/** What a decision wants to see. Everything named is loaded in the transaction, objects of any `deleted` state included. */
export interface LoadRequest {
  /** Objects by id; an alias is followed to the object that took its place. */
  ids?: { kind: Kind; id: string }[];
  /** Objects that hold these claims. */
  claimKeys?: string[];
  /** Objects of a kind whose start lies in [fromMs, toMs]. */
  spans?: { kind: Kind; fromMs: number; toMs: number }[];
  /** Objects of a kind that belong to these local dates. */
  days?: { kind: Kind; days: string[] }[];
  /** Objects of a kind that belong to this local date or a later one. */
  onward?: { kind: Kind; fromDay: string }[];
  /** Mutations already known, by mid. */
  mids?: string[];
  /** This client's row, and the mutations it holds under these seqs. */
  client?: { clientId: string; seqs: number[] };
  /** Connections, for their generation and state. */
  connectionIds?: string[];
  /** Envelopes, to see whether they are still stored. */
  envelopeIds?: number[];
}

export interface ClientRow {
  clientId: string;
  ackSeq: number;
  durableSeq: number;
  /** The largest rev a pull has handed to this client. */
  servedRev: number;
}

export interface MutationRow {
  mid: string;
  clientId: string;
  seq: number | null;
  bodySha256: string;
  result: MutationResult;
}

/** What was loaded so far in this transaction: one object that grows when a decision asks for more, a new one in a retry. */
export interface Loaded {
  athlete: AthleteRow;
  serverEpoch: string;
  /** Keyed `kind/id`. */
  objects: Map<string, StoredObject>;
  /** Old id → present id, keyed `kind/oldId`, for every alias met while loading. */
  aliases: Map<string, string>;
  mutations: Map<string, MutationRow>;
  /** mid stored under a seq of the asked client. */
  midBySeq: Map<number, string>;
  /** The asked client's row; null when it is new. `athleteId` differs when the id is bound to somebody else. */
  client: (ClientRow & { athleteId: string }) | null;
  /** Largest `servedRev` over all clients of the athlete: ids up to here may be known to a phone. */
  knownRev: number;
  connections: Map<string, { generation: number; state: string }>;
  /** Those of the asked envelopes that are stored: an erased one is not. */
  envelopes: Set<number>;
}

export interface ObjectWrite {
  kind: Kind;
  id: string;
  rev: number;
  createdRev: number;
  day: string | null;
  startedAtMs: number | null;
  deleted: boolean;
  data: string;
  alt: string | null;
  state: ObjectState;
}

/** Everything one change writes. Revs are already given: `rev` is the new counter. */
export interface AthleteWrite {
  rev: number;
  objects: ObjectWrite[];
  /** Objects whose view stayed as it is: their state is written, their claims indexed, and they keep their rev. */
  states?: { kind: Kind; id: string; state: ObjectState }[];
  /** Objects that were joined into another: their rows go, the id lives on as an alias with its own rev. */
  aliases: { kind: Kind; oldId: string; objectId: string; rev: number }[];
  /** Ids that stop being an alias because their record stands by itself again. */
  aliasesRemoved?: { kind: Kind; oldId: string }[];
  timeZone?: string;
  sourcePriority?: SourcePriority;
  client?: { clientId: string; ackSeq: number; schemaVersion: number | null };
  mutations?: MutationRow[];
  /** Mutations that were rejected, kept for the operator. */
  deadMutations?: { mid: string; clientId: string; code: string; body: string }[];
  /** Envelopes this change has settled. */
  envelopesDone?: {
    id: number;
    notes: { code: string; params?: Record<string, string | number> }[];
    /** Version of the mapping that read it. */
    mappingVersion: number;
  }[];
  jobs?: NewJob[];
}

/** A decision either asks for more or says what to write. It is pure and synchronous and may run again on a retry. */
export type DecideStep<T> = { do: 'load'; load: LoadRequest } | { do: 'write'; write: AthleteWrite | null; result: T };

export interface AthleteChangeStore {
  /** Creates the athlete's row when it is missing; returns it. */
  ensureAthlete(athleteId: string): Promise<AthleteRow>;
  /** Athlete of an (issuer, subject) pair; created on first sight with `newId` unless it is known. */
  athleteOfSubject(issuer: string, subject: string, newId: string): Promise<AthleteRow>;
  athlete(athleteId: string): Promise<AthleteRow | null>;
  /**
   * Locks the athlete's counter, loads, calls `decide` until it writes, writes, commits. Nothing is awaited inside.
   * A `write` of null commits nothing. An exception from `decide` rolls back and rejects. `not_found` for an athlete
   * without a row.
   */
  withAthleteChange<T>(athleteId: string, load: LoadRequest, decide: (loaded: Loaded) => DecideStep<T>): Promise<T>;
  /** Calls back after each commit that moved an athlete's rev. A hint: it may be missed. Returns the unsubscribe. */
  onCommit(listener: (athleteId: string, rev: number) => void): () => void;
}
