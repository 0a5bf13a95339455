/** What an edit says about fields, as the app gives it and as it travels. */
import type { Json, JsonObject } from '@coach-hub/core/wire';
import { CoachError, NOT_SAVED } from '../coach-error.ts';

/** Values by field. `null` clears a field; `undefined` says nothing about it. */
export interface Fields {
  [field: string]: Json | undefined;
}

/** Either is absent when it would be empty. */
export interface SetAndUnset {
  set?: JsonObject;
  unset?: string[];
}

/** @throws CoachError `invalid_value` on a number that JSON has no word for. */
export function splitFields(fields: Fields): SetAndUnset {
  const set: [string, Json][] = [];
  const unset: string[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new CoachError('invalid_value', {
        what: NOT_SAVED,
        why: `"${field}" is not a finite number.`,
        fix: 'Give null to clear it.',
      });
    }
    if (value === null) unset.push(field);
    else set.push([field, value]);
  }
  return { ...(set.length > 0 && { set: Object.fromEntries(set) }), ...(unset.length > 0 && { unset }) };
}
