import type { Kind, ObjectState, StoredObject } from '@coach-hub/core';
import type { Params, Prepare, Statement } from '../database/statement.ts';

export type ObjectKey = { athleteId: string; kind: string; id: string };

/** A row of `object` with its state's text. */
export interface ObjectRow {
  oid: number;
  kind: string;
  id: string;
  rev: number;
  createdRev: number;
  day: string | null;
  startedAtMs: number | null;
  deleted: number;
  data: string;
  alt: string | null;
  state: string;
}

/** An object as it was read, and what the store has to know about it when it is written. */
export interface ReadObject {
  oid: number;
  object: StoredObject;
  /** The claims it held when it was read, whatever a decision has done to the state since. */
  claimKeys(): string[];
}

export const OBJECT_COLUMNS = [
  'object.oid',
  'kind',
  'id',
  'rev',
  'created_rev as createdRev',
  'day',
  'started_at_ms as startedAtMs',
  'deleted',
  'data',
  'alt',
  'state',
] as const;

/** One object with its state, by the id it has now. */
export function objectById(prepare: Prepare): Statement<ObjectKey, ObjectRow> {
  return prepare((db, p: Params<ObjectKey>) =>
    db
      .selectFrom('object')
      .innerJoin('object_state', 'object_state.oid', 'object.oid')
      .select(OBJECT_COLUMNS)
      .where('athlete_id', '=', p.athleteId)
      .where('kind', '=', p.kind)
      .where('id', '=', p.id),
  );
}

/** Parses the state when it is first looked at: many objects of a window are loaded for their times only. */
export function readObject(row: ObjectRow): ReadObject {
  let state: ObjectState | undefined;
  let keys: string[] = [];
  const parsed = () => {
    if (state === undefined) {
      state = JSON.parse(row.state) as ObjectState;
      keys = Object.keys(state.claims);
    }
    return state;
  };
  const object: StoredObject = {
    kind: row.kind as Kind,
    id: row.id,
    rev: row.rev,
    createdRev: row.createdRev,
    day: row.day,
    startedAtMs: row.startedAtMs,
    deleted: row.deleted === 1,
    data: row.data,
    alt: row.alt,
    // An own property, so that a spread or a comparison of the object sees it.
    get state() {
      return parsed();
    },
  };
  const claimKeys = () => {
    parsed();
    return keys;
  };
  return { oid: row.oid, object, claimKeys };
}
