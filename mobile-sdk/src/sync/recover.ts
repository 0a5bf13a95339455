/** The ways back when hub and client disagree about what was sent. Each keeps every mutation and its mid. */
import type { Tx } from '../local/database.ts';
import { type DeadEntry, moveToDeadLetters } from '../local/dead-letters.ts';
import { type Meta, saveMeta } from '../local/meta.ts';
import { loadRows, saveRows } from '../local/object-row.ts';
import { readEntries } from '../local/outbox.ts';
import { requeueJournal } from './journal.ts';

/** All seqs are given anew, from `nextSeq`. The entries keep content and mid, so nothing applies twice. */
async function renumber({ sql }: Tx, meta: Meta, nextSeq: number, changes?: Partial<Meta>): Promise<void> {
  await sql.exec('UPDATE outbox SET seq = NULL');
  await saveMeta(sql, meta, { nextSeq, ackSeq: nextSeq - 1, ...changes });
}

/**
 * Another phone said something else under these mids: one was restored from a copy of the other while changes waited, and
 * both went on. What ours say is sent under mids of its own; all seqs follow, for those behind it may have some.
 */
export async function renameMids(
  tx: Tx,
  meta: Meta,
  taken: readonly string[],
  newMid: () => string,
  ackSeq: number,
): Promise<void> {
  if (taken.length === 0) return;
  for (const mid of taken) await tx.sql.run('UPDATE outbox SET mid = ? WHERE mid = ?', [newMid(), mid]);
  await renumber(tx, meta, ackSeq + 1);
}

/** Two phones use this client id (one was restored from the other's backup): this one takes a new one. */
export async function fork(tx: Tx, meta: Meta, newClientId: string): Promise<void> {
  await renumber(tx, meta, 1, { clientId: newClientId });
}

/**
 * The hub was restored from a backup and says so. All we have goes again; after that a snapshot, because what was read may
 * not exist any more. A client that merely learns the epoch for the first time keeps its cursor: whether that still holds
 * is for the hub to judge.
 */
export async function enterEpoch(tx: Tx, meta: Meta, epoch: string | null, ackSeq: number): Promise<void> {
  await resendAll(tx, meta, ackSeq, { epoch, ...(meta.epoch !== null && { cursor: null, sweeping: null }) });
}

/**
 * All that the journal has goes again, not only what is above `ackSeq`: that may be the seq of a copy of this phone under
 * the same client id. A mid that the hub has kept changes nothing there.
 */
export async function resendAll(tx: Tx, meta: Meta, ackSeq: number, changes: Partial<Meta>): Promise<void> {
  await requeueJournal(tx, meta, 0);
  await renumber(tx, meta, ackSeq + 1, changes);
}

/**
 * The hub holds our mutations up to `ackSeq` only. What the journal has beyond, goes again. Should the journal no
 * longer have all of it, the rest closes up: the hub expects the next seq, whatever it carries.
 */
export async function resendAfter(tx: Tx, meta: Meta, ackSeq: number, changes?: Partial<Meta>): Promise<void> {
  await requeueJournal(tx, meta, ackSeq + 1);
  await renumber(tx, meta, ackSeq + 1, changes);
}

/**
 * Sets aside the one mutation the hub cannot read, or the one group. It never had those seqs, and nothing behind them was
 * accepted, so the seqs close up.
 */
export async function setAside(tx: Tx, meta: Meta, dead: readonly DeadEntry[], nowMs: number): Promise<void> {
  const mids = JSON.stringify(dead.map(([mid]) => mid));
  const entries = await readEntries(tx.sql, 'outbox o WHERE o.mid IN (SELECT value FROM json_each(?)) ORDER BY o.pos', [
    mids,
  ]);
  const [first] = entries;
  if (!first) return;
  await moveToDeadLetters(tx, dead, nowMs);
  await tx.sql.run('UPDATE outbox SET seq = NULL WHERE seq > ?', [first.seq]);
  await saveMeta(tx.sql, meta, { nextSeq: first.seq! });
  await saveRows(tx, meta, await loadRows(tx.sql, entries));
}
