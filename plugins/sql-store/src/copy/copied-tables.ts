/** Which tables a copy takes along, and what one has to know of them. */
import { TABLES } from '../database/tables.ts';
import type { Sqlite } from '../sqlite/open-sqlite.ts';

/** The new database has migrations of its own; who held a lease is at work no more; the others hold large bytes. */
const NOT_COPIED = new Set(['migration', 'lease', 'large_blob', 'blob_part', 'blob_draft']);

export interface CopiedTable {
  name: string;
  columns: string[];
  /** Columns of the primary key: the order in which rows are compared. */
  key: string[];
  /** The column whose numbers the database gives out, and the last one it gave. */
  serial: { column: string; last: number } | null;
}

export function copiedTables(source: Sqlite): CopiedTable[] {
  return TABLES.filter((name) => !NOT_COPIED.has(name)).map((name) => tableOf(source, name));
}

function tableOf(source: Sqlite, name: string): CopiedTable {
  const info = source.prepare('select name, pk from pragma_table_info(?)').all(name) as {
    name: string;
    pk: number;
  }[];
  const keyed = info.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const [only] = keyed;
  return {
    name,
    columns: info.map((column) => column.name),
    key: keyed.map((column) => column.name),
    serial: only && GIVES_OUT.has(name) ? { column: only.name, last: lastGiven(source, name, only.name) } : null,
  };
}

/** `object_state` takes the numbers of `object`, and `server` has one row. */
const GIVES_OUT = new Set<string>(['object', 'delivery', 'envelope', 'dead_letter', 'audit', 'job']);

/** A number whose row is gone is not given out again either. */
function lastGiven(source: Sqlite, table: string, column: string): number {
  const largest = source.prepare(`select max("${column}") from "${table}"`).pluck().get() as number | null;
  const given = source.prepare('select seq from sqlite_sequence where name = ?').pluck().get(table) as
    | number
    | undefined;
  return Math.max(largest ?? 0, given ?? 0);
}
