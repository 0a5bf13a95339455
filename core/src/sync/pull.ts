/**
 * Pull: what changed since a cursor, in one snapshot, by concatenating stored JSON. Costs what changed, not what
 * exists. A cursor that cannot be continued is answered by a snapshot of the window, never by an error.
 */

import type { DeltaRow, PullRead, ReadStore, SnapshotPlace } from '../store/read-store.ts';
import type { Kind } from '../wire/kinds.ts';
import { MAX_PULL_BYTES, MAX_PULL_OBJECTS, SCHEMA_VERSION } from '../wire/limits.ts';
import type { PullRequest, SnapshotReason } from '../wire/sync.ts';
import { type Cursor, decodeCursor, encodeCursor, epochOf } from './cursor.ts';
import {
  asksForHistory,
  type DayRange,
  enteredBy,
  isInside,
  leftBy,
  type Moved,
  rangeOf,
  shrunkBy,
  windowOf,
} from './window.ts';

/** Order in which a new phone learns kinds: what the first screen shows comes first. */
const PRIORITY: Kind[] = [
  'profile',
  'settings',
  'plan',
  'planned_workout',
  'question',
  'completion',
  'activity',
  'wellness_day',
  'sleep',
  'race',
  'insight',
  'gear',
  'measurement',
  'nutrition_day',
  'forecast',
];

export interface PullInput {
  athleteId: string;
  clientId: string | null;
  schemaVersion: number | null;
  request: PullRequest;
  nowMs: number;
}

/** One page as JSON text, and the rev it hands out. */
export interface PullPage {
  body: string;
  servedRev: number | null;
}

function put(row: DeltaRow): string {
  const alt = row.alt === null ? '' : `,"alt":${row.alt}`;
  const day = row.day === null ? 'null' : `"${row.day}"`;
  return `{"op":"put","kind":"${row.kind}","id":"${row.id}","rev":${row.rev},"day":${day},"data":${row.data}${alt}}`;
}

function changeOf(row: DeltaRow, window: DayRange): string {
  const place = `"kind":"${row.kind}","id":"${row.id}","rev":${row.rev}`;
  if (row.aliasOf !== null) return `{"op":"alias",${place},"to":"${row.aliasOf}"}`;
  if (row.deleted) return `{"op":"delete",${place}}`;
  return isInside(row.kind, row.day, window) ? put(row) : `{"op":"evict",${place}}`;
}

/** Rows that fit the page's bytes, at least one, as text. */
function fill(rows: DeltaRow[], window: DayRange, maxBytes: number): string[] {
  const changes: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const change = changeOf(row, window);
    bytes += Buffer.byteLength(change) + 1;
    if (changes.length > 0 && bytes > maxBytes) break;
    changes.push(change);
  }
  return changes;
}

function page(
  mode: 'delta' | 'snapshot',
  reason: SnapshotReason | null,
  cursor: Cursor,
  hasMore: boolean,
  read: PullRead,
  clientId: string | null,
  changes: string[],
): string {
  const acks = clientId === null ? '{}' : JSON.stringify({ [clientId]: read.ackSeq });
  const why = reason === null ? '' : `"reason":"${reason}",`;
  return `{"mode":"${mode}",${why}"cursor":${JSON.stringify(encodeCursor(cursor))},"hasMore":${hasMore},"head":${read.athlete.rev},"acks":${acks},"changes":[${changes.join(',')}]}`;
}

/** Why a cursor cannot be continued by a delta; null when it can. */
function whyRestart(cursor: Cursor | null, read: PullRead, window: DayRange): SnapshotReason | null {
  if (cursor === null) return 'first';
  if (cursor.epoch !== epochOf(read.serverEpoch, read.athlete.epochN) || cursor.rev > read.athlete.rev)
    return 'epoch_changed';
  if (cursor.schemaVersion !== SCHEMA_VERSION) return 'schema_changed';
  if (cursor.snapshot === null && cursor.rev < read.athlete.floor) return 'cursor_expired';
  return asksForHistory(cursor, window) ? 'window_grew' : null;
}

async function snapshotPage(
  store: ReadStore,
  input: PullInput,
  base: Cursor,
  reason: SnapshotReason | null,
): Promise<PullPage> {
  const kinds = PRIORITY;
  const range: { [kind: string]: DayRange } = {};
  for (const kind of kinds) range[kind] = rangeOf(kind, base);
  const limit = Math.min(input.request.limit ?? MAX_PULL_OBJECTS, MAX_PULL_OBJECTS);
  const read = await store.readSnapshot(input.athleteId, input.clientId, kinds, range, base.snapshot, limit);
  const changes = fill(read.rows, ALL_DAYS, input.request.maxBytes ?? MAX_PULL_BYTES);
  const hasMore = read.hasMore || changes.length < read.rows.length;
  const last = read.rows[changes.length - 1];
  const place: SnapshotPlace | null =
    hasMore && last !== undefined ? { kind: last.kind, day: last.day, id: last.id } : null;
  const cursor: Cursor = { ...base, snapshot: place };
  return {
    body: page('snapshot', reason, cursor, hasMore, read, input.clientId, changes),
    servedRev: read.athlete.rev,
  };
}

/** The walk of a snapshot keeps to the window by itself. */
const ALL_DAYS: DayRange = { fromDay: null, toDay: null };
/** Rows that a moved window may bring or take in one answer; more of them is a snapshot. */
const MAX_MOVED = 1_000;

/** Dated rows of the days a window moved over; null where there are too many. */
async function movedRows(store: ReadStore, athleteId: string, moved: Moved | null): Promise<DeltaRow[] | null> {
  if (moved === null) return [];
  const read = await store.readSnapshot(athleteId, null, moved.kinds, moved.range, null, MAX_MOVED);
  return read.hasMore ? null : read.rows.filter((row) => row.day !== null);
}

/**
 * What came into the window and what left it since the cursor, although nothing of it changed: `put` and `evict` as text.
 * Null where that is more than an answer should carry.
 */
async function movedChanges(
  store: ReadStore,
  athleteId: string,
  old: DayRange,
  now: DayRange,
): Promise<string[] | null> {
  const entered = await movedRows(store, athleteId, enteredBy(old, now));
  const left = await movedRows(store, athleteId, leftBy(old, now));
  const shrunk = await movedRows(store, athleteId, shrunkBy(old, now));
  if (entered === null || left === null || shrunk === null) return null;
  return [...entered, ...left, ...shrunk].map((row) => changeOf(row, now));
}

export async function pull(store: ReadStore, input: PullInput): Promise<PullPage> {
  const { request } = input;
  const asked = request.cursor === null ? null : decodeCursor(request.cursor);
  const limit = Math.min(request.limit ?? MAX_PULL_OBJECTS, MAX_PULL_OBJECTS);
  const read = await store.readDelta(
    input.athleteId,
    input.clientId,
    asked?.rev ?? 0,
    asked === null || asked.snapshot !== null ? 0 : limit,
  );
  const window = windowOf(request.window, read.athlete.timeZone, input.nowMs);
  const base: Cursor = {
    epoch: epochOf(read.serverEpoch, read.athlete.epochN),
    rev: read.athlete.rev,
    ...window,
    schemaVersion: SCHEMA_VERSION,
    snapshot: null,
  };
  const restart = whyRestart(asked, read, window);
  if (restart !== null || asked === null) return snapshotPage(store, input, base, restart ?? 'first');
  if (asked.snapshot !== null) return snapshotPage(store, input, asked, null);
  const hasMoved = asked.fromDay !== window.fromDay || asked.toDay !== window.toDay;
  if (read.rows.length === 0 && !hasMoved) {
    return { body: `{"mode":"none","head":${read.athlete.rev}}`, servedRev: null };
  }
  const maxBytes = request.maxBytes ?? MAX_PULL_BYTES;
  let changes = fill(read.rows, window, maxBytes);
  const hasMore = read.hasMore || changes.length < read.rows.length;
  // The window is taken as moved with the last page, which says what came in and what left. Until then rows are judged by
  // the window that the cursor names: a reader that goes on with another one must find what the cursor promises.
  if (hasMore && hasMoved) changes = fill(read.rows, asked, maxBytes);
  const last = read.rows[changes.length - 1];
  const moved = hasMore || !hasMoved ? [] : await movedChanges(store, input.athleteId, asked, window);
  if (moved === null) return snapshotPage(store, input, base, 'window_grew');
  const place = hasMore ? { fromDay: asked.fromDay, toDay: asked.toDay } : window;
  // The place of a page is its last row, never the head: a later row may not have been read.
  const cursor: Cursor = { ...asked, rev: last?.rev ?? asked.rev, ...place };
  return {
    body: page('delta', null, cursor, hasMore, read, input.clientId, [...changes, ...moved]),
    servedRev: cursor.rev,
  };
}
