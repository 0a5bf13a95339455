/** Changes the hub refused for good: kept, out of the queue's way, until the app decides. */
import type { JsonObject, Kind, MutationOp } from '@coach-hub/core/wire';
import type { Sql } from '../driver.ts';
import type { Platform } from '../platform.ts';
import type { Tx } from './database.ts';
import { type Body, removeEntries } from './outbox.ts';
import { write } from './write.ts';

export interface DeadLetter {
  /** Names the letter in `retry` and `discard`. */
  mid: string;
  kind: Kind;
  id: string;
  op: MutationOp;
  set: JsonObject;
  unset: string[];
  /** Why: a `RejectCode` of the protocol, `blocked`, or `bad_request` and `too_large` where the hub could not read it. */
  code: string;
  /** What is wrong and what to do, in the hub's words. */
  detail: string | null;
  /** Epoch milliseconds. */
  at: number;
}

export type DeadEntry = [mid: string, code: string, detail: string | null];

/** Oldest first. */
export async function readDeadLetters(sql: Sql): Promise<DeadLetter[]> {
  const rows = await sql.all<Omit<DeadLetter, 'op' | 'set' | 'unset'> & { body: string }>(
    'SELECT * FROM dead_letter ORDER BY at, rowid',
  );
  return rows.map(({ body, ...letter }) => {
    const { op, set = {}, unset = [] }: Body = JSON.parse(body);
    return { ...letter, op, set, unset };
  });
}

/** Writes the change anew, as an edit of now. The hub remembers the old one as refused, so it gets a new mid. */
export async function retryDeadLetter(tx: Tx, platform: Platform, mid: string): Promise<void> {
  const letter = (await readDeadLetters(tx.sql)).find((one) => one.mid === mid);
  if (!letter) return;
  const cleared = Object.fromEntries(letter.unset.map((field) => [field, null]));
  await write(tx, platform, { ...letter, fields: { ...letter.set, ...cleared } });
  await discardDeadLetter(tx, mid);
}

export async function discardDeadLetter(tx: Tx, mid: string): Promise<void> {
  await tx.sql.run('DELETE FROM dead_letter WHERE mid = ?', [mid]);
}

/** Takes entries out of the queue with the reason. The caller saves their rows. */
export async function moveToDeadLetters({ sql }: Tx, dead: readonly DeadEntry[], nowMs: number): Promise<void> {
  await sql.run(
    `INSERT OR REPLACE INTO dead_letter
     SELECT o.mid, o.kind, o.id, o.body, value->>1, value->>2, ? FROM json_each(?) CROSS JOIN outbox o ON o.mid = value->>0`,
    [nowMs, JSON.stringify(dead)],
  );
  await removeEntries(
    sql,
    dead.map(([mid]) => mid),
  );
}
