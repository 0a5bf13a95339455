/** Two ids turned out to be one object. The old one keeps working here for ever. */
import type { Kind } from '@coach-hub/core/wire';
import type { Sql } from '../driver.ts';
import type { Tx } from './database.ts';

/** The id an object has now, as a subquery. Binds kind, id, id. */
export const PRESENT_ID = 'COALESCE((SELECT a.id FROM alias a WHERE a.kind = ? AND a.old_id = ?), ?)';

export async function presentId(sql: Sql, kind: Kind, id: string): Promise<string> {
  const [row] = await sql.all<{ id: string }>(`SELECT ${PRESENT_ID} AS id`, [kind, id, id]);
  return row?.id ?? id;
}

/**
 * Rewrites the old id in rows and outbox. The caller saves the row of `id` afterwards, so that what the app sees of
 * it includes the entries that moved.
 *
 * @returns false when that was known already.
 */
export async function applyAlias(tx: Tx, kind: Kind, oldId: string, id: string): Promise<boolean> {
  const { sql } = tx;
  if ((await presentId(sql, kind, oldId)) === id) return false;
  tx.touched.add(kind);
  await sql.run('DELETE FROM alias WHERE kind = ? AND old_id = ?', [kind, id]);
  await sql.run('UPDATE alias SET id = ? WHERE kind = ? AND id = ?', [id, kind, oldId]);
  await sql.run('INSERT OR REPLACE INTO alias (kind, old_id, id) VALUES (?, ?, ?)', [kind, oldId, id]);
  await sql.run('UPDATE outbox SET id = ? WHERE kind = ? AND id = ?', [id, kind, oldId]);
  // Until the hub's view under the new id arrives, the old one stands in for it; rev 0 lets any view replace it.
  await sql.run('UPDATE OR IGNORE object SET id = ?, rev = 0 WHERE kind = ? AND id = ?', [id, kind, oldId]);
  await sql.run('DELETE FROM object WHERE kind = ? AND id = ?', [kind, oldId]);
  return true;
}

/** An id under which an object of its own has come again (two runs were taken apart) is no alias any more. */
export async function dropAliases(sql: Sql): Promise<void> {
  await sql.exec('DELETE FROM alias WHERE EXISTS (SELECT 1 FROM object o WHERE o.kind = alias.kind AND o.id = old_id)');
}
