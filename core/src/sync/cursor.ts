/** Cursor: a reader's place in an athlete's order of changes, with the epoch and window it holds for. Opaque to clients. */
import type { SnapshotPlace } from '../store/read-store.ts';
import type { Kind } from '../wire/kinds.ts';

export interface Cursor {
  epoch: string;
  /** Every change up to here is held. In a snapshot: the rev the walk started at. */
  rev: number;
  /** Oldest local date inside the window; null: all. */
  fromDay: string | null;
  /** Latest local date of planned workouts inside the window; null: all. */
  toDay: string | null;
  schemaVersion: number;
  /** Set while a snapshot is walked: the last row handed out. */
  snapshot: SnapshotPlace | null;
}

const FORMAT = 'v2';

export function encodeCursor(cursor: Cursor): string {
  const { epoch, rev, fromDay, toDay, schemaVersion } = cursor;
  const parts = [FORMAT, epoch, rev, fromDay ?? '-', toDay ?? '-', schemaVersion];
  const place = cursor.snapshot;
  if (place !== null) parts.push(Buffer.from(JSON.stringify([place.kind, place.day, place.id])).toString('base64url'));
  return parts.join('.');
}

/** Null when the text is no cursor of ours: the client starts over, it is never an error. */
export function decodeCursor(text: string): Cursor | null {
  const [format, epoch, rev, fromDay, toDay, schema, place] = text.split('.');
  if (format !== FORMAT || epoch === undefined || fromDay === undefined || toDay === undefined) return null;
  if (!/^\d{1,15}$/.test(rev ?? '') || !/^\d{1,6}$/.test(schema ?? '')) return null;
  for (const day of [fromDay, toDay]) if (day !== '-' && !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const snapshot = place === undefined ? null : decodePlace(place);
  if (place !== undefined && snapshot === null) return null;
  return {
    epoch,
    rev: Number(rev),
    fromDay: fromDay === '-' ? null : fromDay,
    toDay: toDay === '-' ? null : toDay,
    schemaVersion: Number(schema),
    snapshot,
  };
}

function decodePlace(text: string): SnapshotPlace | null {
  try {
    const [kind, day, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [
      Kind,
      string | null,
      string,
    ];
    const valid =
      typeof kind === 'string' && typeof id === 'string' && (day === null || /^\d{4}-\d{2}-\d{2}$/.test(day));
    return valid ? { kind, day, id } : null;
  } catch {
    return null;
  }
}

/** Epoch as a client sees it: the server's, and the athlete's own resets. */
export function epochOf(serverEpoch: string, epochN: number): string {
  return `${serverEpoch}-${epochN}`;
}
