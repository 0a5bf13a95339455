/**
 * Pull: what changed since a cursor, in one snapshot, by concatenating stored JSON. Costs what changed, not what
 * exists. A cursor that cannot be continued is answered by a snapshot of the window, never by an error.
 */

import { knownZone } from '../ledger/record.ts';
import { localDay } from '../series/time-zone.ts';
import type { DeltaRow, PullRead, ReadStore, SnapshotPlace } from '../store/read-store.ts';
import type { Kind } from '../wire/kinds.ts';
import { MAX_PULL_BYTES, MAX_PULL_OBJECTS, SCHEMA_VERSION } from '../wire/limits.ts';
import type { PullRequest, SnapshotReason } from '../wire/sync.ts';
import { type Cursor, decodeCursor, encodeCursor, epochOf } from './cursor.ts';

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
/** Kinds the activity window bounds. */
const WINDOWED: ReadonlySet<Kind> = new Set<Kind>(['activity']);
const DAY_MS = 86_400_000;

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

function changeOf(row: DeltaRow, fromDay: string | null): string {
  const place = `"kind":"${row.kind}","id":"${row.id}","rev":${row.rev}`;
  if (row.aliasOf !== null) return `{"op":"alias",${place},"to":"${row.aliasOf}"}`;
  if (row.deleted) return `{"op":"delete",${place}}`;
  if (fromDay !== null && WINDOWED.has(row.kind) && row.day !== null && row.day < fromDay)
    return `{"op":"evict",${place}}`;
  return put(row);
}

/** Rows that fit the page's bytes, at least one, as text. */
function fill(rows: DeltaRow[], fromDay: string | null, maxBytes: number): string[] {
  const changes: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const change = changeOf(row, fromDay);
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

function windowStart(request: PullRequest, athleteZone: string | null, nowMs: number): string | null {
  const days = request.window?.activityDays;
  return days === undefined ? null : localDay(nowMs - days * DAY_MS, { timeZone: knownZone(athleteZone) ?? 'UTC' });
}

/** Why a cursor cannot be continued by a delta; null when it can. */
function whyRestart(cursor: Cursor | null, read: PullRead, fromDay: string | null): SnapshotReason | null {
  if (cursor === null) return 'first';
  if (cursor.epoch !== epochOf(read.serverEpoch, read.athlete.epochN) || cursor.rev > read.athlete.rev)
    return 'epoch_changed';
  if (cursor.schemaVersion !== SCHEMA_VERSION) return 'schema_changed';
  if (cursor.snapshot === null && cursor.rev < read.athlete.floor) return 'cursor_expired';
  const grew = cursor.fromDay !== null && (fromDay === null || fromDay < cursor.fromDay);
  return grew ? 'window_grew' : null;
}

async function snapshotPage(
  store: ReadStore,
  input: PullInput,
  base: Cursor,
  reason: SnapshotReason | null,
): Promise<PullPage> {
  const kinds = PRIORITY;
  const range: { [kind: string]: { fromDay: string | null; toDay: string | null } } = {};
  for (const kind of kinds) range[kind] = { fromDay: WINDOWED.has(kind) ? base.fromDay : null, toDay: null };
  const limit = Math.min(input.request.limit ?? MAX_PULL_OBJECTS, MAX_PULL_OBJECTS);
  const read = await store.readSnapshot(input.athleteId, input.clientId, kinds, range, base.snapshot, limit);
  const changes = fill(read.rows, null, input.request.maxBytes ?? MAX_PULL_BYTES);
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
  const fromDay = windowStart(request, read.athlete.timeZone, input.nowMs);
  const restart = whyRestart(asked, read, fromDay);
  if (restart !== null || asked === null) {
    const base: Cursor = {
      epoch: epochOf(read.serverEpoch, read.athlete.epochN),
      rev: read.athlete.rev,
      fromDay,
      schemaVersion: SCHEMA_VERSION,
      snapshot: null,
    };
    return snapshotPage(store, input, base, restart ?? 'first');
  }
  if (asked.snapshot !== null) return snapshotPage(store, input, asked, null);
  if (read.rows.length === 0 && asked.fromDay === fromDay) {
    return { body: `{"mode":"none","head":${read.athlete.rev}}`, servedRev: null };
  }
  const changes = fill(read.rows, fromDay, request.maxBytes ?? MAX_PULL_BYTES);
  const last = read.rows[changes.length - 1];
  const hasMore = read.hasMore || changes.length < read.rows.length;
  // The place of a page is its last row, never the head: a later row may not have been read.
  const cursor: Cursor = { ...asked, rev: last?.rev ?? asked.rev, fromDay };
  return { body: page('delta', null, cursor, hasMore, read, input.clientId, changes), servedRev: cursor.rev };
}
