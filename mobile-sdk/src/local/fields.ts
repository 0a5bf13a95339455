/** What an edit says about fields, as the app gives it and as it travels. */
import type { Json, JsonObject } from '@coach-hub/core/wire';
import { notSaved } from '../coach-error.ts';

/** Values by field. `null` clears a field; `undefined` says nothing about it. */
export interface Fields {
  [field: string]: Json | undefined;
}

/** Either is undefined when it would be empty. */
export interface SetAndUnset {
  set: JsonObject | undefined;
  unset: string[] | undefined;
}

/** @throws CoachError `invalid_value` on a number that JSON has no word for. */
export function splitFields(fields: Fields): SetAndUnset {
  const set: [string, Json][] = [];
  const unset: string[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw notSaved('invalid_value', `"${field}" is not a finite number.`, 'Give null to clear it.');
    }
    if (value === null) unset.push(field);
    else if (value !== undefined) set.push([field, value]);
  }
  return { set: set.length > 0 ? Object.fromEntries(set) : undefined, unset: unset.length > 0 ? unset : undefined };
}
