/** Engine: replaceable rules that read an athlete's objects and answer with claims of their own. */
import type { JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';

/** What happened in the ledger, as engines hear of it. */
export interface LedgerEvent {
  athleteId: string;
  type: 'changed' | 'deleted';
  kind: Kind;
  objectId: string;
  /** First local date the change touches; work is coalesced to "dirty from here on". */
  fromDay: string | null;
}

/** A question to the environment that must be answered before the run. */
export interface EnvironmentQuery {
  query: string;
  input: JsonObject;
}

export interface EngineSnapshot {
  athleteId: string;
  fromDay: string | null;
  objects: { kind: Kind; id: string; rev: number; day: string | null; data: JsonObject }[];
  answers: { query: EnvironmentQuery; value: JsonObject }[];
}

/** A keyed statement of an engine: running twice writes nothing new. */
export interface EngineClaim {
  kind: Kind;
  /** Stable within the engine. */
  key: string;
  /** `null` withdraws it. */
  fields: JsonObject | null;
}

export interface EngineContext {
  /** Local date of the athlete at the run; the only notion of today an engine has. */
  today: string;
  signal: AbortSignal;
}

/**
 * Deterministic: same snapshot and context, same claims. The host runs it off the durable queue, after the commit,
 * and commits its output only while the revs it read still hold. Reads → writes across engines must be acyclic.
 */
export interface Engine {
  id: string;
  version: number;
  on: Kind[];
  reads: Kind[];
  writes: Kind[];
  needs?(event: LedgerEvent): EnvironmentQuery[];
  run(snapshot: EngineSnapshot, ctx: EngineContext): Promise<EngineClaim[]> | EngineClaim[];
}
