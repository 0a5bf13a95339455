/** The next mutations to send, oldest first, with their seqs on disk before any of them leaves. */
import { MAX_PUSH_BYTES, type Mutation } from '@coach-hub/core/wire';
import type { Tx } from '../local/database.ts';
import { type Meta, saveMeta } from '../local/meta.ts';
import { readEntries, toMutation } from '../local/outbox.ts';
import { utf8Length } from './utf8-length.ts';

/** Room for the rest of the request: epoch, cursor, window. */
const ENVELOPE_BYTES = 2_048;

/**
 * Once an entry has a seq it keeps both seq and content, so a resend after a lost answer is the same mutation.
 *
 * @param limit how many at most; a batch also closes at the protocol's bytes, but holds at least one.
 */
export async function takeBatch(tx: Tx, meta: Meta, limit: number): Promise<Mutation[]> {
  const entries = await readEntries(tx.sql, 'outbox o ORDER BY o.pos LIMIT ?', [limit]);
  const batch: Mutation[] = [];
  const numbered: [pos: number, seq: number][] = [];
  let bytes = ENVELOPE_BYTES;
  for (const entry of entries) {
    const mutation = toMutation(entry, entry.seq ?? meta.nextSeq + numbered.length);
    bytes += utf8Length(JSON.stringify(mutation)) + 1;
    if (bytes > MAX_PUSH_BYTES && batch.length > 0) break;
    batch.push(mutation);
    if (entry.seq === null) numbered.push([entry.pos, mutation.seq!]);
  }
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
