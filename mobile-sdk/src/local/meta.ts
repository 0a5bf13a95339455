/** The few values an athlete's file holds once. Stored as JSON text, one row each. */
import type { Sql } from '../driver.ts';

export interface Meta {
  /** This installation, made here. A new one is taken when two phones turn out to share it. */
  clientId: string;
  /** The hub's epoch, once it told us. */
  epoch: string | null;
  /** Our place in the hub's changes; opaque. */
  cursor: string | null;
  /** The rev the cursor has reached, where the last pull was complete. */
  cursorRev: number | null;
  nextSeq: number;
  /** Number of the next group of changes. */
  nextTx: number;
  /** Whom the file belongs to, where the app said so. */
  athlete: string | null;
  /** The hub has settled our changes up to here. */
  ackSeq: number;
  /** The last stamp given out. */
  stamp: string;
  /** The hub's clock minus the phone's. */
  clockOffsetMs: number;
  /** Snapshot generation: rows of an older one are swept when the snapshot ends. */
  gen: number;
  /** Why the snapshot under way was started; null when none is. */
  sweeping: string | null;
  /** The hub's rev when it was: what changed later comes with the delta that follows. */
  snapshotRev: number | null;
  /** The time zone this phone last reported. */
  timeZone: string | null;
  /** Epoch milliseconds of the last answer that was applied. */
  lastSyncAt: number | null;
}

const FIRST: Meta = {
  clientId: '',
  epoch: null,
  cursor: null,
  cursorRev: null,
  nextSeq: 1,
  nextTx: 1,
  athlete: null,
  ackSeq: 0,
  stamp: '0:0000',
  clockOffsetMs: 0,
  gen: 1,
  sweeping: null,
  snapshotRev: null,
  timeZone: null,
  lastSyncAt: null,
};

export async function loadMeta(sql: Sql): Promise<Meta> {
  const rows = await sql.all<{ k: string; v: string }>('SELECT k, v FROM meta');
  return { ...FIRST, ...Object.fromEntries(rows.map((row) => [row.k, JSON.parse(row.v)])) };
}

/** Changes `meta` and stores what changed. */
export async function saveMeta(sql: Sql, meta: Meta, changes: Partial<Meta>): Promise<void> {
  Object.assign(meta, changes);
  await sql.run('INSERT OR REPLACE INTO meta SELECT key, json_quote(value) FROM json_each(?)', [
    JSON.stringify(changes),
  ]);
}
