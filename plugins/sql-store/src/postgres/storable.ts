import type { SqlValue } from '../database/flow.ts';

/** The one character that a text of PostgreSQL cannot hold is shown as what it is: unreadable. */
export function storable(value: SqlValue): SqlValue {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value;
}
