import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params } from '../database/statement.ts';

/** The class of lane locks among the advisory locks of a database. */
const LANE_LOCKS = 0xc0a0;

/**
 * Whether this transaction may take a job of a lane: false while another transaction is taking one of it, or has taken one
 * since the list of due jobs was read. On SQLite there is no other one.
 */
export function laneTaker({
  dialect,
  prepare,
}: Pick<Database, 'dialect' | 'prepare'>): (lane: string) => Flow<boolean> {
  const lock = prepare((db, p: Params<{ lane: string }>) =>
    db.selectNoFrom(sql<boolean>`pg_try_advisory_xact_lock(${sql.lit(LANE_LOCKS)}, hashtext(${p.lane}))`.as('isOurs')),
  );
  const busy = prepare((db, p: Params<{ lane: string }>) =>
    db.selectFrom('job').select('id').where('lane', '=', p.lane).where('state', '=', sql.lit('running')).limit(1),
  );
  return function* takeLane(lane) {
    if (dialect.name === 'sqlite') return true;
    if (!(yield* lock.get({ lane }))?.isOurs) return false;
    return (yield* busy.get({ lane })) === undefined;
  };
}
