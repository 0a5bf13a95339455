/** Settled mutations that a backup of the hub may not hold yet: kept, so that a restored hub gets them again. */
import type { Sql } from '../driver.ts';
import type { Tx } from '../local/database.ts';
import type { Meta } from '../local/meta.ts';
import { type Key, loadRows, saveRows } from '../local/object-row.ts';
import { removeEntries } from '../local/outbox.ts';

/** Bounds for a hub that makes no backups, or never says that one is safe. */
const MAX_ENTRIES = 2_000;
const MAX_AGE_MS = 14 * 24 * 3_600_000;

/** Takes settled entries out of the queue. The caller saves their rows. */
export async function moveToJournal(
  { sql }: Tx,
  mids: readonly string[],
  clientId: string,
  nowMs: number,
): Promise<void> {
  await sql.run(
    `INSERT OR REPLACE INTO journal (client_id, seq, acked_at, mid, kind, id, body)
     SELECT ?, seq, ?, mid, kind, id, body FROM outbox WHERE mid IN (SELECT value FROM json_each(?)) ORDER BY pos`,
    [clientId, nowMs, JSON.stringify(mids)],
  );
  await removeEntries(sql, mids);
}

/** @param durableSeq everything of this client up to here survives a restore of the newest backup. */
export async function trimJournal(sql: Sql, clientId: string, durableSeq: number, nowMs: number): Promise<void> {
  await sql.run(
    `DELETE FROM journal WHERE (client_id = ? AND seq <= ?) OR acked_at < ?
       OR n <= (SELECT max(n) FROM journal) - ?`,
    [clientId, durableSeq, nowMs - MAX_AGE_MS, MAX_ENTRIES],
  );
}

/**
 * Puts entries from `fromSeq` on back in front of the outbox, in their order and with their mids. So do those sent
 * under client ids this file had before: whether the hub still has them it cannot tell by our seqs, but by the mids.
 *
 * An entry goes back to the id it was sent under: a restored hub may not have joined that object with another yet.
 */
export async function requeueJournal(tx: Tx, meta: Meta, fromSeq: number): Promise<void> {
  const { sql } = tx;
  const chosen = 'FROM journal AS j WHERE client_id <> ? OR seq >= ?';
  const params = [meta.clientId, fromSeq];
  const moved = await sql.all<Key>(
    `INSERT INTO outbox (pos, mid, kind, id, body)
     SELECT (SELECT COALESCE(min(pos), 1) FROM outbox) - row_number() OVER (ORDER BY n DESC), mid, kind,
       COALESCE((SELECT a.id FROM alias a WHERE a.kind = j.kind AND a.old_id = j.body->>'id'), body->>'id', id), body
     ${chosen} RETURNING kind, id`,
    params,
  );
  await sql.run(`DELETE ${chosen}`, params);
  await saveRows(tx, meta, await loadRows(sql, moved));
}
