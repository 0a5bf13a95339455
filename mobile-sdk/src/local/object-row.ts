/** Rows of `object`, and how they are brought up to date when the hub's view changes or entries come and go. */
import type { JsonObject, Kind, PullChange, WireObject } from '@coach-hub/core/wire';
import type { Sql } from '../driver.ts';
import type { Tx } from './database.ts';
import type { Meta } from './meta.ts';
import { type Body, type OutboxEntry, readEntries } from './outbox.ts';
import { replay } from './replay.ts';

/** The hub's view as it came. Only `day` and `data` are ours to read; the rest is kept. */
export type ServerView = Pick<WireObject, 'day' | 'data'> & { alt?: { [field: string]: JsonObject } };

export interface Key {
  kind: Kind;
  id: string;
}

export interface ObjectRow extends Key {
  rev: number;
  /** The snapshot generation the row was last seen in. */
  gen: number;
  server: ServerView | null;
}

/** By `keyText`. */
export type Rows = Map<string, ObjectRow>;

export function keyText({ kind, id }: Key): string {
  return `${kind}/${id}`;
}

const keyList = (keys: Iterable<Key>) => JSON.stringify(Array.from(keys, ({ kind, id }) => [kind, id]));

/** Joins a table called `o` to a list of keys. */
const ofKeys = (table: string) => `json_each(?) k CROSS JOIN ${table} o ON o.kind = k.value->>0 AND o.id = k.value->>1`;

/** The rows of these keys, one for each, made up where there is none. */
export async function loadRows(sql: Sql, keys: readonly Key[]): Promise<Rows> {
  const rows: Rows = new Map();
  for (const { kind, id } of keys) rows.set(keyText({ kind, id }), { kind, id, rev: 0, gen: 0, server: null });
  const found = await sql.all<ObjectRow & { json: string | null }>(
    `SELECT o.kind, o.id, o.rev, o.gen, o.server_json AS json FROM ${ofKeys('object')}`,
    [keyList(rows.values())],
  );
  for (const { json, ...row } of found) rows.set(keyText(row), { ...row, server: json && JSON.parse(json) });
  return rows;
}

/** Pending entries of these objects, oldest first. */
export async function loadEntries(sql: Sql, keys: Iterable<Key>): Promise<OutboxEntry[]> {
  return await readEntries(sql, `${ofKeys('outbox')} ORDER BY o.pos`, [keyList(keys)]);
}

/**
 * Takes over what the hub says of an object, unless a newer view is here already. A row of an older snapshot
 * generation gives way whatever its rev: a restored hub counts from further back.
 *
 * `delete` is gone for everyone; `evict` has left this phone's window, and only pending changes keep it here.
 */
export function takeChange(row: ObjectRow, change: PullChange, meta: Meta): void {
  if (change.rev < row.rev && row.gen >= meta.gen) return;
  row.rev = change.rev;
  row.gen = change.op === 'evict' ? 0 : meta.gen;
  if (change.op === 'put') row.server = change;
  if (change.op === 'delete') row.server = null;
}

/**
 * Stores the rows with what the app sees of them: the hub's view and the pending entries replayed on it.
 *
 * A row goes when nothing is left to show and nothing to restore, or when only its entries kept it (it was evicted,
 * or the last snapshot did not have it) and now they are settled.
 *
 * @param known the pending entries of the rows, where they are in hand, by `keyText`.
 */
export async function saveRows(
  { sql, touched }: Tx,
  meta: Meta,
  rows: Rows,
  known?: ReadonlyMap<string, Body[]>,
): Promise<void> {
  const pending = known ?? bodiesByKey(await loadEntries(sql, rows.values()));
  const kept: unknown[][] = [];
  const gone: ObjectRow[] = [];
  for (const row of rows.values()) {
    const { kind, id, rev, gen, server } = row;
    touched.add(kind);
    const bodies = pending.get(keyText(row));
    const view = replay(server, bodies ?? []);
    const shown = view ?? server;
    if (shown === null || (!bodies && meta.sweeping === null && gen < meta.gen)) gone.push(row);
    else kept.push([kind, id, rev, shown.day, gen, server, ...(bodies ? [view] : [])]);
  }
  if (gone.length > 0)
    await sql.run(`DELETE FROM object WHERE rowid IN (SELECT o.rowid FROM ${ofKeys('object')})`, [keyList(gone)]);
  // `->` keeps a JSON null (deleted here) apart from a value that is not there (nothing pending).
  await sql.run(
    `INSERT INTO object (kind, id, rev, day, gen, server_json, row_json)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->6 FROM json_each(?) WHERE true
     ON CONFLICT DO UPDATE SET rev = excluded.rev, day = excluded.day, gen = excluded.gen,
       server_json = excluded.server_json, row_json = excluded.row_json`,
    [JSON.stringify(kept)],
  );
}

function bodiesByKey(entries: readonly OutboxEntry[]): Map<string, Body[]> {
  const groups = new Map<string, Body[]>();
  for (const entry of entries) {
    const key = keyText(entry);
    groups.set(key, [...(groups.get(key) ?? []), entry.body]);
  }
  return groups;
}
