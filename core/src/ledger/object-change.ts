/** What became of one object, field by field. */
import type { StoredObject } from '../store/athlete-change.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';

/** One value as it was and as it is. A value of another source is `alt.<field>`. Null: there is none. */
export interface FieldChange {
  field: string;
  old: Json;
  new: Json;
}

export interface ObjectChange {
  athleteId: string;
  kind: Kind;
  id: string;
  /** `joined`: it is one with another now, which `into` names. */
  change: 'new' | 'changed' | 'deleted' | 'restored' | 'joined';
  into: string | null;
  /** Local date it belongs to, after the change where it has one. */
  day: string | null;
  fields: FieldChange[];
}

/** The side of an object that clients see. */
export type Seen = Pick<StoredObject, 'kind' | 'id' | 'day' | 'deleted' | 'data' | 'alt'>;

/** Null where clients see no difference. */
export function objectChange(athleteId: string, before: Seen | null, after: Seen): ObjectChange | null {
  const { kind, id } = after;
  const fields = fieldChanges(before, after);
  const wasThere = before !== null && !before.deleted;
  if (fields.length === 0 && wasThere === !after.deleted) return null;
  if (!wasThere && after.deleted) return null;
  const change = after.deleted ? 'deleted' : wasThere ? 'changed' : before === null ? 'new' : 'restored';
  return { athleteId, kind, id, change, into: null, day: after.day ?? before?.day ?? null, fields };
}

export function joinedChange(athleteId: string, before: Seen, into: string): ObjectChange {
  const { kind, id, day } = before;
  return { athleteId, kind, id, change: 'joined', into, day, fields: [] };
}

function fieldChanges(before: Seen | null, after: Seen): FieldChange[] {
  const old = valuesOf(before);
  const now = valuesOf(after);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((field) => {
    const change = { field, old: old[field] ?? null, new: now[field] ?? null };
    return JSON.stringify(change.old) === JSON.stringify(change.new) ? [] : [change];
  });
}

function valuesOf(seen: Seen | null): JsonObject {
  if (seen === null || seen.deleted) return {};
  const data = JSON.parse(seen.data) as JsonObject;
  const alt = seen.alt === null ? {} : (JSON.parse(seen.alt) as JsonObject);
  const others = Object.entries(alt).map(([field, values]) => [`alt.${field}`, values] as const);
  return { ...data, ...Object.fromEntries(others), day: seen.day };
}
