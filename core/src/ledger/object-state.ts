import type { Json } from '../wire/json.ts';
import type { Claim } from './claim.ts';

/** A value an athlete gave, with when and on which client. The larger (stamp, clientId) wins. */
export interface Stamped<T = Json> {
  value: T;
  /** Hybrid logical clock, `<ms>:<counter as 4 hex digits>`. */
  stamp: string;
  clientId: string;
  /** What it said before, newest first, where the field keeps that. */
  earlier?: Omit<Stamped<T>, 'earlier'>[];
}

/**
 * What the athlete said under one id. Layers stay under the id they were addressed to, so they follow their record
 * when objects are joined or taken apart.
 */
export interface AthleteLayer {
  /** The athlete created this id: the layer is a record of its own and takes part in matching. */
  created: boolean;
  typed: { [field: string]: Stamped };
  override: { [field: string]: Stamped };
  /** `true` is a tombstone, `false` a restore; null where neither was ever said. */
  deleted: Stamped<boolean> | null;
}

/** How an id came to be: the record that founded it. An id stays with its record for ever. */
export interface Anchor {
  record: string;
  /** Rev of the first write under the id: its age. */
  createdRev: number;
  /** Made by a client, so a phone knows it. */
  byClient: boolean;
}

/** What matching found out about the object as a whole; part of the view. */
export interface MatchContext {
  counted: boolean;
  /** Record key of the activity that contains this one, and that object's id. */
  partOf: { record: string; id: string } | null;
  splitGroup: string | null;
  /** Last known local date, kept for an object whose sources are gone. */
  day: string | null;
}

export const ALONE: MatchContext = { counted: true, partOf: null, splitGroup: null, day: null };

/** Everything known about one object, by source. The view is computed from this and nothing else. */
export interface ObjectState {
  claims: { [claimKey: string]: Claim };
  layers: { [id: string]: AthleteLayer };
  /** Every id that leads here, the object's own and its aliases. */
  anchors: { [id: string]: Anchor };
  context: MatchContext;
}

export function emptyState(): ObjectState {
  return { claims: {}, layers: {}, anchors: {}, context: ALONE };
}

export function emptyLayer(): AthleteLayer {
  return { created: false, typed: {}, override: {}, deleted: null };
}
