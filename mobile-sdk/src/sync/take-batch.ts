/** The next mutations to send, oldest first, with their seqs on disk before any of them leaves. */
import { MAX_PUSH_BYTES, type Mutation } from '@coach-hub/core/wire';
import type { Tx } from '../local/database.ts';
import { type Meta, saveMeta } from '../local/meta.ts';
import { readEntries, toMutation } from '../local/outbox.ts';
import { utf8Length } from './utf8-length.ts';

/** Room for the rest of the request: epoch, cursor, window. */
const ENVELOPE_BYTES = 2_048;

/** Changes one group may have. */
export const MAX_GROUP = 100;

/** How many of a batch may go when `next` does not fit: a group that `next` belongs to goes whole or not yet. */
function wholeGroups(batch: readonly Mutation[], next: Mutation): number {
  if (next.tx === undefined) return batch.length;
  const first = batch.findIndex(({ tx }) => tx === next.tx);
  return first < 0 ? batch.length : first;
}

/**
 * Once an entry has a seq it keeps both seq and content, so a resend after a lost answer is the same mutation.
 *
 * @param limit how many at most; a batch also closes at the protocol's bytes, but holds at least one, or one group.
 */
export async function takeBatch(tx: Tx, meta: Meta, limit: number): Promise<Mutation[]> {
  const entries = await readEntries(tx.sql, 'outbox o ORDER BY o.pos LIMIT ?', [limit + MAX_GROUP]);
  const batch: Mutation[] = [];
  let bytes = ENVELOPE_BYTES;
  let nextSeq = meta.nextSeq;
  for (const entry of entries) {
    const mutation = toMutation(entry, entry.seq ?? nextSeq++);
    bytes += utf8Length(JSON.stringify(mutation)) + 1;
    const fits = batch.length < limit && bytes <= MAX_PUSH_BYTES;
    const whole = fits ? 0 : wholeGroups(batch, mutation);
    if (whole > 0) {
      batch.length = whole;
      break;
    }
    batch.push(mutation);
  }
  const numbered = entries
    .slice(0, batch.length)
    .flatMap(({ pos, seq }, at): [pos: number, seq: number][] => (seq === null ? [[pos, batch[at]!.seq!]] : []));
  if (numbered.length > 0) {
    await tx.sql.run(
      `UPDATE outbox SET seq = v.value->>1, body = json_insert(body, '$.id', outbox.id)
       FROM json_each(?) v WHERE pos = v.value->>0`,
      [JSON.stringify(numbered)],
    );
    await saveMeta(tx.sql, meta, { nextSeq: meta.nextSeq + numbered.length });
  }
  return batch;
}
