import type { Params, Prepare } from '../database/statement.ts';

type Key = { athleteId: string; sha256: string };

/** Small bytes, in the database: they share the group commit. */
export function blobStatements(prepare: Prepare) {
  return {
    insert: prepare((db, p: Params<Key & { bytes: number; body: Uint8Array; nowMs: number }>) =>
      db
        .insertInto('blob')
        .values({ athlete_id: p.athleteId, sha256: p.sha256, bytes: p.bytes, body: p.body, stored_at_ms: p.nowMs })
        .onConflict((on) => on.columns(['athlete_id', 'sha256']).doUpdateSet({ stored_at_ms: p.nowMs })),
    ),
    find: prepare((db, p: Params<Key>) =>
      db.selectFrom('blob').select('bytes').where('athlete_id', '=', p.athleteId).where('sha256', '=', p.sha256),
    ),
    storedAt: prepare((db, p: Params<Key>) =>
      db
        .selectFrom('blob')
        .select('stored_at_ms as storedAtMs')
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256),
    ),
    read: prepare((db, p: Params<Key>) =>
      db.selectFrom('blob').select('body').where('athlete_id', '=', p.athleteId).where('sha256', '=', p.sha256),
    ),
    remove: prepare((db, p: Params<Key>) =>
      db.deleteFrom('blob').where('athlete_id', '=', p.athleteId).where('sha256', '=', p.sha256),
    ),
    removeIfOld: prepare((db, p: Params<Key & { untilMs: number }>) =>
      db
        .deleteFrom('blob')
        .where('athlete_id', '=', p.athleteId)
        .where('sha256', '=', p.sha256)
        .where('stored_at_ms', '<=', p.untilMs),
    ),
    ofOwner: prepare((db, p: Params<{ athleteId: string; untilMs: number }>) =>
      db
        .selectFrom('blob')
        .select('sha256')
        .where('athlete_id', '=', p.athleteId)
        .where('stored_at_ms', '<=', p.untilMs),
    ),
    usage: prepare((db) =>
      db
        .selectFrom('blob')
        .select((q) => [q.fn.countAll<number>().as('blobs'), q.fn.sum<number | null>('bytes').as('bytes')]),
    ),
  };
}
