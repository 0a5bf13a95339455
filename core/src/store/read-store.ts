/** Reads for clients: pull pages, objects, explain. */
import type { Kind } from '../wire/kinds.ts';
import type { AthleteRow, StoredObject } from './athlete-change.ts';

/** One row of a delta, ready to travel: `data` and `alt` are the stored JSON text. */
export interface DeltaRow {
  kind: Kind;
  id: string;
  rev: number;
  day: string | null;
  deleted: boolean;
  data: string;
  alt: string | null;
  /** Set when this row is an alias: the id it leads to. */
  aliasOf: string | null;
}

/** A place in a snapshot walk: kinds by priority, newest day first, then id. */
export interface SnapshotPlace {
  kind: Kind;
  day: string | null;
  id: string;
}

export interface PullRead {
  athlete: AthleteRow;
  serverEpoch: string;
  /** ackSeq of the asked client, 0 when it is new. */
  ackSeq: number;
  rows: DeltaRow[];
  /** Rows exist beyond the last one returned. */
  hasMore: boolean;
}

/** A claim and the object that holds it. */
export interface ClaimHolder {
  claimKey: string;
  kind: Kind;
  id: string;
}

export interface ReadStore {
  /** The server's epoch: changes when a backup is restored. */
  serverEpoch(): Promise<string>;
  /** Athlete, acks and the rows after `afterRev` in rev order, at most `limit`, in one snapshot. Reads only the range. */
  readDelta(athleteId: string, clientId: string | null, afterRev: number, limit: number): Promise<PullRead>;
  /**
   * Live rows of the given kinds in the order kinds are listed, then newest day first (no day last), then id, after
   * `after`. Rows with a day outside [fromDay, toDay] are left out; null bounds are open.
   */
  readSnapshot(
    athleteId: string,
    clientId: string | null,
    kinds: Kind[],
    range: { [kind: string]: { fromDay: string | null; toDay: string | null } },
    after: SnapshotPlace | null,
    limit: number,
  ): Promise<PullRead>;
  /** Live rows of one kind whose day lies in (afterDay, toDay] but not touched since: they entered the window. */
  readEntered(athleteId: string, kind: Kind, afterDay: string, toDay: string, limit: number): Promise<DeltaRow[]>;
  /** Remembers that ids up to this rev were handed to the client. */
  markServed(athleteId: string, clientId: string, rev: number): Promise<void>;
  /** An object with its state, by id or by an alias of it. */
  object(athleteId: string, kind: Kind, id: string): Promise<StoredObject | null>;
  /** Claims whose key begins so, in key order after `after` (empty: from the first), of deleted objects too. */
  claimHolders(athleteId: string, prefix: string, after: string, limit: number): Promise<ClaimHolder[]>;
  /** Live objects of a kind, newest day first; a bound on days leaves out objects without a day. */
  objects(
    athleteId: string,
    kind: Kind,
    filter: { fromDay?: string; toDay?: string; limit: number },
  ): Promise<StoredObject[]>;
}
