import type { Json } from '../wire/json.ts';
import type { Claim } from './claim.ts';

/** A value an athlete gave, with when and on which client. The larger (stamp, clientId) wins. */
export interface Stamped<T = Json> {
  value: T;
  /** Hybrid logical clock, `<ms>:<counter as 4 hex digits>`. */
  stamp: string;
  clientId: string;
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

/** Everything known about one object, by source. The view is computed from this and nothing else. */
export interface ObjectState {
  claims: { [claimKey: string]: Claim };
  layers: { [id: string]: AthleteLayer };
}

export function emptyState(): ObjectState {
  return { claims: Object.create(null), layers: Object.create(null) };
}

export function emptyLayer(): AthleteLayer {
  return { created: false, typed: Object.create(null), override: Object.create(null), deleted: null };
}
