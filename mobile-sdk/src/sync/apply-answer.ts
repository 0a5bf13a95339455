/** One answer of the hub, in one local transaction: clock, push results, rows, acks and cursor together or not at all. */
import type { PullChange, PushResponse, SyncResponse } from '@coach-hub/core/wire';
import { applyAlias, dropAliases } from '../local/alias.ts';
import type { Tx } from '../local/database.ts';
import { moveToDeadLetters } from '../local/dead-letters.ts';
import { loadMeta, type Meta, saveMeta } from '../local/meta.ts';
import { type Key, keyText, loadRows, saveRows, takeChange } from '../local/object-row.ts';
import { type OutboxEntry, readEntries } from '../local/outbox.ts';
import { learnClock, type RoundTrip } from './clock.ts';
import { moveToJournal, trimJournal } from './journal.ts';
import { renameMids, resendAfter, resendAll } from './recover.ts';
import { type Results, settle } from './settle.ts';
import { beginSnapshot, endSnapshot, type Page } from './snapshot.ts';

/** What a run counts. */
export const NOTHING = { pushed: 0, rejected: 0, aliases: 0, pulled: 0, pages: 0 };

export interface Applied extends Readonly<typeof NOTHING> {
  hasMore: boolean;
  /** Mutations go again that the hub had settled: it has forgotten them, or does not take them under their mids. */
  resent: boolean;
  /** After the page, for seeing that it moves. */
  cursor: string | null;
}

export async function applyAnswer(
  tx: Tx,
  { serverTime, push, pull }: SyncResponse,
  trip: RoundTrip,
  newMid: () => string,
): Promise<Applied> {
  const { sql } = tx;
  const nowMs = trip.receivedMs;
  const meta = await loadMeta(sql);
  const page = pull && pull.mode !== 'none' ? pull : null;
  await learnClock(tx, meta, serverTime, trip);
  if (page) await beginSnapshot(tx, meta, page);
  const { renamed, ...changed } =
    push || page ? await applyChanges(tx, meta, page, push, nowMs, newMid) : { ...NOTHING, renamed: false };
  await saveMeta(sql, meta, {
    lastSyncAt: nowMs,
    ...(push && { ackSeq: push.ackSeq }),
    ...(page && { cursor: page.cursor }),
    ...(pull && !page?.hasMore && { cursorRev: pull.head }),
  });
  // Seqs of a hub that was restored may be those of a copy of this phone: nothing is let go on their word.
  if (push && page?.reason === undefined) await trimJournal(sql, meta.clientId, push.durableSeq, nowMs);
  const forgot = page !== null && (await checkAcks(tx, meta, page));
  return { ...changed, hasMore: page?.hasMore ?? false, resent: forgot || renamed, cursor: meta.cursor };
}

/**
 * Results and page come from one snapshot of the hub, so a change of ours is replaced by the hub's view in one step
 * and the app never sees it vanish in between.
 */
async function applyChanges(
  tx: Tx,
  meta: Meta,
  page: Page | null,
  push: PushResponse | undefined,
  nowMs: number,
  newMid: () => string,
): Promise<typeof NOTHING & { renamed: boolean }> {
  const changes = page?.changes ?? [];
  const results: Results = new Map(push?.results.map((result) => [result.mid, result]));
  const entries = await readEntries(
    tx.sql,
    'outbox o WHERE o.seq <= ? OR o.mid IN (SELECT value FROM json_each(?)) ORDER BY o.pos',
    [push?.ackSeq ?? 0, JSON.stringify([...results.keys()])],
  );
  const aliases = await followAliases(tx, entries, results, changes);
  const rows = await loadRows(tx.sql, keysOf(entries, results, changes));
  const { done, dead, taken } = settle(entries, results, rows, meta);
  for (const change of changes) if (change.op !== 'alias') takeChange(rows.get(keyText(change))!, change, meta);
  await moveToDeadLetters(tx, dead, nowMs);
  await moveToJournal(tx, done, meta.clientId, nowMs);
  await renameMids(tx, meta, taken, newMid, push?.ackSeq ?? meta.ackSeq);
  if (page) await endSnapshot(tx, meta, page);
  await saveRows(tx, meta, rows);
  await dropAliases(tx.sql);
  const counts = { pushed: done.length, rejected: dead.length, aliases, pulled: changes.length, pages: page ? 1 : 0 };
  return { ...counts, renamed: taken.length > 0 };
}

/** Also changes the ids of the entries in hand. */
async function followAliases(
  tx: Tx,
  entries: readonly OutboxEntry[],
  results: Results,
  changes: readonly PullChange[],
): Promise<number> {
  let followed = 0;
  const follow = async ({ kind, id }: Key, to: string) => {
    if (await applyAlias(tx, kind, id, to)) followed += 1;
    for (const entry of entries) if (entry.kind === kind && entry.id === id) entry.id = to;
  };
  for (const entry of entries) {
    const to = results.get(entry.mid)?.aliasOf;
    if (to !== undefined) await follow(entry, to);
  }
  for (const change of changes) if (change.op === 'alias') await follow(change, change.to);
  return followed;
}

/** Every object whose row may change. */
function keysOf(entries: readonly OutboxEntry[], results: Results, changes: readonly PullChange[]): Key[] {
  const keys: Key[] = [...entries];
  for (const { object } of results.values()) if (object) keys.push(object);
  for (const change of changes) keys.push(change.op === 'alias' ? { kind: change.kind, id: change.to } : change);
  return keys;
}

/** A hub that holds less than it has acknowledged was restored, even where nobody told it so. */
async function checkAcks(tx: Tx, meta: Meta, { acks, reason }: Page): Promise<boolean> {
  const isRestored = reason === 'epoch_changed';
  const held = acks[meta.clientId] ?? (isRestored ? 0 : meta.ackSeq);
  if (isRestored) await resendAll(tx, meta, held, { epoch: null });
  else if (held < meta.ackSeq) await resendAfter(tx, meta, held, { epoch: null });
  else return false;
  return true;
}
