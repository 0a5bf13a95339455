import type pg from 'pg';
import type { SqlValue } from '../database/flow.ts';
import { storable } from '../postgres/storable.ts';
import type { Sqlite } from '../sqlite/open-sqlite.ts';
import type { CopiedTable } from './copied-tables.ts';
import { createRowHash } from './row-hash.ts';

/** PostgreSQL takes 65,535 values in one statement. */
const MAX_VALUES = 20_000;
const MAX_BYTES = 4 * 1024 * 1024;
const FETCHED_AT_ONCE = 500;

type Copied = { rows: number; sha256: string };

/** Sends every row of a table, and tells what was sent. */
export async function copyTable(
  source: Sqlite,
  client: pg.PoolClient,
  table: CopiedTable,
  onSent: (rows: number) => void,
): Promise<Copied> {
  const { name, columns, serial } = table;
  const hash = createRowHash();
  const all = source.prepare(`select ${list(columns)} from "${name}" order by ${list(table.key)}`).raw();
  let batch: SqlValue[] = [];
  let bytes = 0;
  const send = async () => {
    if (batch.length === 0) return;
    const rows = batch.length / columns.length;
    await client.query(insertOf(table, rows), batch);
    batch = [];
    bytes = 0;
    onSent(rows);
  };
  for (const row of all.iterate() as IterableIterator<SqlValue[]>) {
    const values = row.map(storable);
    hash.add(values);
    batch.push(...values);
    bytes += values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    if (batch.length + columns.length > MAX_VALUES || bytes > MAX_BYTES) await send();
  }
  await send();
  if (serial && serial.last > 0) {
    await client.query('select setval(pg_get_serial_sequence($1, $2), $3)', [name, serial.column, serial.last]);
  }
  return hash.done();
}

/** What a table holds now, as the transaction sees it. */
export async function hashTable(client: pg.PoolClient, { name, columns, key }: CopiedTable): Promise<Copied> {
  const hash = createRowHash();
  await client.query(
    `declare rows_of_table no scroll cursor for select ${list(columns)} from "${name}" order by ${list(key)}`,
  );
  for (;;) {
    const { rows } = await client.query<SqlValue[]>({
      text: `fetch ${FETCHED_AT_ONCE} from rows_of_table`,
      rowMode: 'array',
    });
    for (const row of rows) hash.add(row);
    if (rows.length < FETCHED_AT_ONCE) break;
  }
  await client.query('close rows_of_table');
  return hash.done();
}

function insertOf({ name, columns }: CopiedTable, rows: number): string {
  const row = (at: number) => `(${columns.map((_, column) => `$${at * columns.length + column + 1}`).join(', ')})`;
  const values = Array.from({ length: rows }, (_, at) => row(at)).join(', ');
  return `insert into "${name}" (${list(columns)}) values ${values}`;
}

function list(columns: string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

function sizeOf(value: SqlValue): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
}
