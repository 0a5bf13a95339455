/** A change by the athlete: the row and its outbox entry, in the caller's transaction. No network in here. */
import { type Kind, MAX_OUTBOX_ENTRIES, type MutationOp } from '@coach-hub/core/wire';
import { notSaved } from '../coach-error.ts';
import type { Sql } from '../driver.ts';
import type { Platform } from '../platform.ts';
import { presentId } from './alias.ts';
import type { Tx } from './database.ts';
import { type Fields, splitFields } from './fields.ts';
import { fold } from './fold.ts';
import { dayOfEdit } from './local-day.ts';
import { loadMeta, saveMeta } from './meta.ts';
import { type Key, keyText, loadEntries, loadRows, saveRows } from './object-row.ts';
import type { Body } from './outbox.ts';
import { replay } from './replay.ts';
import { nextStamp } from './stamp.ts';

export interface Edit {
  kind: Kind;
  id: string;
  op: MutationOp;
  fields?: Fields;
  /** Number of the group it belongs to. */
  tx?: number;
}

/**
 * @throws CoachError `not_found` when a patch, override or delete finds no object here, `invalid_value`, `queue_full`.
 */
export async function write(tx: Tx, platform: Platform, { kind, op, ...edit }: Edit): Promise<void> {
  const { sql } = tx;
  const { set, unset } = splitFields(edit.fields ?? {});
  const day = dayOfEdit(set ?? {}, () => platform.timeZone());
  const meta = await loadMeta(sql);
  const id = await presentId(sql, kind, edit.id);
  const keys: Key[] = [{ kind, id }];
  const rows = await loadRows(sql, keys);
  const row = rows.get(keyText({ kind, id }))!;
  const entries = await loadEntries(sql, keys);
  const bodies = entries.map((entry) => entry.body);
  const isThere = replay(row.server, bodies) !== null;

  if (op === 'restore' && isThere) return;
  if (op !== 'restore' && op !== 'put' && !isThere) {
    throw notSaved('not_found', `There is no ${kind} ${id} on this phone.`, 'Read the list again; put() creates one.');
  }
  if ((op === 'patch' || op === 'override') && !set && !unset) return;

  const stamp = nextStamp(meta.stamp, platform.now() + meta.clockOffsetMs);
  const body: Body = { op, tx: edit.tx, stamp, base: row.rev || undefined, set, unset, day };
  const folding = fold(entries, body, row.server !== null);
  let pending = [...bodies, body];
  switch (folding.outcome) {
    case 'append':
      await refuseWhenFull(sql);
      await sql.run('INSERT INTO outbox (mid, kind, id, body) VALUES (?, ?, ?, ?)', [
        platform.randomUuid(),
        kind,
        id,
        JSON.stringify(body),
      ]);
      break;
    case 'merge':
      await sql.run('UPDATE outbox SET body = ? WHERE pos = ?', [JSON.stringify(folding.body), folding.into.pos]);
      pending = [...bodies.slice(0, -1), folding.body];
      break;
    case 'cancel':
      for (const { pos } of folding.entries) await sql.run('DELETE FROM outbox WHERE pos = ?', [pos]);
      pending = bodies.slice(0, bodies.length - folding.entries.length);
      break;
  }
  if (row.server === null) row.gen = meta.gen;
  await saveRows(tx, meta, rows, new Map(pending.length === 0 ? [] : [[keyText(row), pending]]));
  await saveMeta(sql, meta, { stamp });
}

async function refuseWhenFull(sql: Sql): Promise<void> {
  // Places are given in order, so the queue is no longer than from its first to its last: that costs nothing to ask.
  const [span] = await sql.all<{ most: number | null }>(
    'SELECT (SELECT max(pos) FROM outbox) - (SELECT min(pos) FROM outbox) + 1 AS most',
  );
  if ((span!.most ?? 0) < MAX_OUTBOX_ENTRIES) return;
  const [row] = await sql.all<{ queued: number }>('SELECT count(*) AS queued FROM outbox');
  if (row!.queued < MAX_OUTBOX_ENTRIES) return;
  throw notSaved('queue_full', `${row!.queued} changes wait to be sent.`, 'Sync before writing more.');
}
