/** Reading what the app sees: the hub's view with pending changes on top. Never waits for the network. */
import type { JsonObject, Kind } from '@coach-hub/core/wire';
import type { Sql, SqlValue } from '../driver.ts';
import { PRESENT_ID } from './alias.ts';
import type { ServerView } from './object-row.ts';

/** An object as the app sees it. */
export interface CoachObject {
  kind: Kind;
  id: string;
  /** The hub's rev of the view below; 0 before the hub has the object. */
  rev: number;
  /** Local date the object belongs to, or null for objects without one. */
  day: string | null;
  data: JsonObject;
  /** Values of other sources that differ: `{ distanceM: { athlete: 10000 } }`. */
  alt: { [field: string]: JsonObject };
  /** Changes made here wait for the hub. */
  pending: boolean;
}

/** Days are inclusive. With a bound, objects without a day are left out. */
export interface Range {
  fromDay?: string;
  toDay?: string;
  limit?: number;
}

interface Found {
  kind: Kind;
  id: string;
  rev: number;
  json: string;
  pending: number;
}

const VISIBLE = 'COALESCE(o.row_json, o.server_json)';

/** @param rest goes on after `WHERE … AND`. */
async function select(sql: Sql, rest: string, params: SqlValue[]): Promise<CoachObject[]> {
  const rows = await sql.all<Found>(
    `SELECT o.kind, o.id, o.rev, ${VISIBLE} AS json, o.row_json IS NOT NULL AS pending
     FROM object o WHERE ${VISIBLE} <> 'null' AND o.kind = ? AND ${rest}`,
    params,
  );
  return rows.map(toObject);
}

/** The object, also by an id it had before it was joined with another. */
export async function readOne(sql: Sql, kind: Kind, id: string): Promise<CoachObject | null> {
  const [object] = await select(sql, `o.id = ${PRESENT_ID}`, [kind, kind, id, id]);
  return object ?? null;
}

/** Newest day first; within a day the latest start first. */
export async function readList(sql: Sql, kind: Kind, range: Range = {}): Promise<CoachObject[]> {
  const { fromDay = null, toDay = null, limit = -1 } = range;
  const bounds = [...(fromDay === null ? [] : ['o.day >= ?']), ...(toDay === null ? [] : ['o.day <= ?']), 'true'];
  const params = [kind, fromDay, toDay].filter((value) => value !== null);
  return await select(
    sql,
    `${bounds.join(' AND ')} ORDER BY o.day DESC, ${VISIBLE}->>'$.data.startedAt' DESC, o.id LIMIT ?`,
    [...params, limit],
  );
}

function toObject(row: Found): CoachObject {
  const view: ServerView = JSON.parse(row.json);
  return {
    kind: row.kind,
    id: row.id,
    rev: row.rev,
    day: view.day,
    data: view.data,
    alt: view.alt ?? {},
    pending: row.pending === 1,
  };
}
