/**
 * The sync protocol as it travels: what a phone sends to `POST /v1/sync` and what comes back.
 *
 * One request pushes the phone's changes and pulls the hub's. Every change of one athlete's data takes the next
 * `rev` of that athlete; a cursor is a place in that order and is opaque to clients.
 */
import type { JsonObject } from './json.ts';
import type { Kind } from './kinds.ts';

/** `put` creates, `patch` changes fields, `override` insists on a measured value, `restore` undoes `delete`. */
export type MutationOp = 'put' | 'patch' | 'delete' | 'restore' | 'override';

/** One change an athlete made on one client. */
export interface Mutation {
  /** Contiguous per client, from 1. A client that leaves it out is protected by `mid` alone. */
  seq?: number;
  /** Unique per athlete (UUID); sending it again is answered from the record. */
  mid: string;
  /** Neighbours with one `tx` apply together or not at all. */
  tx?: number;
  /** Hybrid logical clock of the edit: `<ms>:<counter as 4 hex digits>`. */
  stamp: string;
  kind: Kind;
  id: string;
  op: MutationOp;
  /** The rev the client saw when it made the change; informs, never rejects. */
  base?: number;
  set?: JsonObject;
  unset?: string[];
}

export interface PushRequest {
  epoch: string | null;
  batch: Mutation[];
}

/** The part of the data a phone wants to hold, in days around today. */
export interface Window {
  activityDays?: number;
  planDays?: number;
}

export interface PullRequest {
  cursor: string | null;
  window?: Window;
  limit?: number;
  maxBytes?: number;
}

export interface SyncRequest {
  sentAt: string;
  push?: PushRequest;
  pull?: PullRequest;
}

/** What became of a field the mutation set: another source keeps showing, or it was left out. */
export type FieldOutcome = 'kept_device' | 'kept_newer' | 'kept_engine' | 'unknown_field' | 'read_only_field';

export type MutationStatus = 'applied' | 'merged' | 'superseded' | 'duplicate' | 'rejected' | 'blocked';

/** Why a mutation was rejected. It is acknowledged all the same, so it never blocks the queue. */
export type RejectCode =
  | 'unknown_kind'
  | 'unknown_field'
  | 'read_only_field'
  | 'invalid_value'
  | 'too_large'
  | 'mid_reused'
  | 'not_found'
  | 'gone'
  | 'forbidden_object'
  | 'plan_locked'
  | 'schema_too_old';

/** One object as clients receive it: the resolved view. Unknown fields are kept, never dropped. */
export interface WireObject {
  kind: Kind;
  id: string;
  rev: number;
  /** Local date the object belongs to, or null for objects without one. */
  day: string | null;
  data: JsonObject;
  /** Losing values that differ, by field and source: `{distanceM: {athlete: 10000}}`. */
  alt?: { [field: string]: JsonObject };
}

export interface MutationResult {
  seq?: number;
  mid: string;
  status: MutationStatus;
  /** With `duplicate`: what it was answered the first time. */
  originalStatus?: Exclude<MutationStatus, 'duplicate'>;
  code?: RejectCode;
  /** What is wrong and what to do, for the app's log. */
  detail?: string;
  rev?: number;
  fields?: { [field: string]: FieldOutcome };
  object?: WireObject & { provenance: { [field: string]: string } };
  /** The id the object has now, when it is not the one that was sent. */
  aliasOf?: string;
  /** The object was deleted by then: what was set is kept, and shows again when it is restored. */
  deleted?: true;
  /** Set when the stamp was more than five minutes ahead and the receive time took its place. */
  stampClamped?: true;
}

export interface PushResponse {
  /** Everything up to this seq is settled; entries up to it may leave the outbox. */
  ackSeq: number;
  /** Everything up to this seq survives a restore of the newest backup; the journal may be trimmed below it. */
  durableSeq: number;
  results: MutationResult[];
}

export type PullChange =
  | ({ op: 'put' } & WireObject)
  | { op: 'delete'; kind: Kind; id: string; rev: number }
  | { op: 'evict'; kind: Kind; id: string; rev: number }
  | { op: 'alias'; kind: Kind; id: string; rev: number; to: string };

export type SnapshotReason = 'first' | 'cursor_expired' | 'epoch_changed' | 'schema_changed' | 'window_grew';

export type PullResponse =
  | { mode: 'none'; head: number }
  | {
      mode: 'delta' | 'snapshot';
      reason?: SnapshotReason;
      cursor: string;
      hasMore: boolean;
      head: number;
      /** Settled seqs per client, read in the snapshot of the changes. */
      acks: { [clientId: string]: number };
      changes: PullChange[];
    };

export interface SyncResponse {
  serverTime: string;
  push?: PushResponse;
  pull?: PullResponse;
}

/** Body of a refusal of the whole request (RFC 9457 problem details). */
export interface SyncProblem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** What to do about it. */
  fix?: string;
  /** `seq_gap`: the seq the hub expects next. */
  expected?: number;
  /** `epoch_mismatch`: the hub's epoch and the last seq it holds. */
  epoch?: string;
  ackSeq?: number;
}
