import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';

type Key = { athleteId: string; sha256: string };
type Stored = { draft: string; nowMs: number };

/** Large bytes by key, their parts by draft. */
export function partStatements(prepare: Prepare) {
  return {
    beginDraft: prepare((db, p: Params<Stored>) =>
      db.insertInto('blob_draft').values({ draft: p.draft, touched_at_ms: p.nowMs }),
    ),
    touchDraft: prepare((db, p: Params<Stored>) =>
      db.updateTable('blob_draft').set({ touched_at_ms: p.nowMs }).where('draft', '=', p.draft),
    ),
    endDraft: prepare((db, p: Params<{ draft: string }>) => db.deleteFrom('blob_draft').where('draft', '=', p.draft)),
    abandoned: prepare((db, p: Params<{ beforeMs: number }>) =>
      db.selectFrom('blob_draft').select('draft').where('touched_at_ms', '<', p.beforeMs),
    ),
    insertPart: prepare((db, p: Params<{ draft: string; part: number; body: Uint8Array }>) =>
      db.insertInto('blob_part').values({ draft: p.draft, part: p.part, body: p.body }),
    ),
    part: prepare((db, p: Params<{ draft: string; part: number }>) =>
      db.selectFrom('blob_part').select('body').where('draft', '=', p.draft).where('part', '=', p.part),
    ),
    parts: prepare((db, p: Params<{ draft: string }>) =>
      db.selectFrom('blob_part').select('body').where('draft', '=', p.draft).orderBy('part'),
    ),
    partBytes: prepare((db, p: Params<{ draft: string }>) =>
      db.selectFrom('blob_part').select(sql<number | null>`sum(length(body))`.as('bytes')).where('draft', '=', p.draft),
    ),
    removeParts: prepare((db, p: Params<{ draft: string }>) => db.deleteFrom('blob_part').where('draft', '=', p.draft)),
    save: prepare((db, p: Params<Key & Stored & { bytes: number }>) =>
      db
        .insertInto('large_blob')
        .values({ athlete_id: p.athleteId, sha256: p.sha256, draft: p.draft, bytes: p.bytes, stored_at_ms: p.nowMs })
        .onConflict((on) =>
          on.columns(['athlete_id', 'sha256']).doUpdateSet({ draft: p.draft, bytes: p.bytes, stored_at_ms: p.nowMs }),
        ),
    ),
    find: prepare((db, p: Params<Key>) =>
      db
        .selectFrom('large_blob')
        .select(['draft', 'bytes'])
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256),
    ),
    /** From here to the commit nobody else removes it or puts other parts in its place. */
    hold: prepare((db, p: Params<Key>, { lockRows }) =>
      db
        .selectFrom('large_blob')
        .select(['draft', 'bytes'])
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256)
        .modifyEnd(lockRows),
    ),
    touch: prepare((db, p: Params<Key & { nowMs: number }>) =>
      db
        .updateTable('large_blob')
        .set({ stored_at_ms: p.nowMs })
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256),
    ),
    remove: prepare((db, p: Params<Key>) =>
      db
        .deleteFrom('large_blob')
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256)
        .returning('draft'),
    ),
    removeIfOld: prepare((db, p: Params<Key & { untilMs: number }>) =>
      db
        .deleteFrom('large_blob')
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256)
        .where('stored_at_ms', '<=', p.untilMs)
        .returning('draft'),
    ),
    ofOwner: prepare((db, p: Params<{ athleteId: string; untilMs: number }>) =>
      db
        .selectFrom('large_blob')
        .select('sha256')
        .where('athlete_id', '=', p.athleteId)
        .where('stored_at_ms', '<=', p.untilMs),
    ),
    usage: prepare((db) =>
      db
        .selectFrom('large_blob')
        .select((q) => [q.fn.countAll<number>().as('blobs'), q.fn.sum<number | null>('bytes').as('bytes')]),
    ),
    usageOf: prepare((db, p: Params<{ athleteId: string }>) =>
      db
        .selectFrom('large_blob')
        .select((q) => [q.fn.countAll<number>().as('blobs'), q.fn.sum<number | null>('bytes').as('bytes')])
        .where('athlete_id', '=', p.athleteId),
    ),
  };
}
