/**
 * One process at a time syncs a file: the app in front and a task in the background can run at once. Only spares work;
 * that nothing is lost or done twice rests on mids and seqs alone.
 */
import type { Sql } from '../driver.ts';

/** Without a word from its holder the lease is over after so long. */
export const LEASE_MS = 60_000;

/** Takes the lease, or takes it longer. False while another holds it. */
export async function takeLease(sql: Sql, owner: string, nowMs: number): Promise<boolean> {
  // A clock that was set back leaves leases of the future behind: one that ends later than any taken now is over.
  const held = await sql.all<{ owner: string }>(
    'SELECT owner FROM lease WHERE owner <> ? AND until > ? AND until <= ?',
    [owner, nowMs, nowMs + LEASE_MS],
  );
  if (held.length > 0) return false;
  await sql.run('INSERT OR REPLACE INTO lease (one, owner, until) VALUES (1, ?, ?)', [owner, nowMs + LEASE_MS]);
  return true;
}

export async function giveLease(sql: Sql, owner: string): Promise<void> {
  await sql.run('DELETE FROM lease WHERE owner = ?', [owner]);
}
