/** Mark and sweep: rows a snapshot brings carry its generation; at its end the others go. */
import type { Kind, PullResponse } from '@coach-hub/core/wire';
import type { Tx } from '../local/database.ts';
import { type Meta, saveMeta } from '../local/meta.ts';

export type Page = Exclude<PullResponse, { mode: 'none' }>;

/**
 * Opens a new generation when the page is the first of a snapshot. Called before anything of the same answer is
 * applied, so that views of a restored hub replace rows whose revs are higher.
 */
export async function beginSnapshot({ sql }: Tx, meta: Meta, { mode, reason, head }: Page): Promise<void> {
  // The first page has a reason. It may be the one of a snapshot under way: that of a hub that was restored once more.
  const goesOn = meta.sweeping !== null && reason === undefined;
  if (mode !== 'snapshot' || goesOn) return;
  await saveMeta(sql, meta, { gen: meta.gen + 1, sweeping: reason ?? 'first', snapshotRev: head });
}

/**
 * After the last page, rows the snapshot did not bring go, unless changes made here are pending on them. Rows of that
 * page itself may go here as well: the caller has them in hand and stores them next.
 */
export async function endSnapshot({ sql, touched }: Tx, meta: Meta, { mode, hasMore }: Page): Promise<void> {
  if (meta.sweeping === null || (mode === 'snapshot' && hasMore)) return;
  const swept = await sql.all<{ kind: Kind }>('DELETE FROM object WHERE gen < ? AND row_json IS NULL RETURNING kind', [
    meta.gen,
  ]);
  for (const { kind } of swept) touched.add(kind);
  await saveMeta(sql, meta, { sweeping: null });
}
