/** Entries of the outbox: changes the hub has not settled yet. */
import type { Kind, Mutation } from '@coach-hub/core/wire';
import type { Sql, SqlValue } from '../driver.ts';

/** What a change says. Stored as JSON; goes along unread to journal and dead letters. */
export interface Body extends Pick<Mutation, 'op' | 'tx' | 'stamp' | 'base' | 'set' | 'unset'> {
  /** The id it was first sent under. A body that has one is never changed again. */
  id?: string;
  /** The local date the change moves the object to. Does not travel. */
  day?: string;
}

export interface OutboxEntry {
  pos: number;
  /** Null until the entry is first sent. */
  seq: number | null;
  mid: string;
  kind: Kind;
  /** The id the object has now. */
  id: string;
  body: Body;
}

/** @param from what follows FROM; it names the outbox `o`. */
export async function readEntries(sql: Sql, from: string, params: SqlValue[]): Promise<OutboxEntry[]> {
  const rows = await sql.all<Omit<OutboxEntry, 'body'> & { body: string }>(`SELECT o.* FROM ${from}`, params);
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) }));
}

/** The entry as it travels. */
export function toMutation({ mid, kind, id, body }: OutboxEntry, seq: number): Mutation {
  const { day, ...said } = body;
  return { seq, mid, kind, id, ...said };
}

export async function removeEntries(sql: Sql, mids: readonly string[]): Promise<void> {
  await sql.run('DELETE FROM outbox WHERE mid IN (SELECT value FROM json_each(?))', [JSON.stringify(mids)]);
}
