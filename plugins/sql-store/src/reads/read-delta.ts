/** One page of what changed after a rev: a range of two indexes, whatever the size of the history. */
import type { DeltaRow, PullRead } from '@coach-hub/core';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { aliasDelta, objectDelta, TRAVELLING_COLUMNS } from './delta-row.ts';
import { headReader } from './read-head.ts';

export type DeltaReader = (
  athleteId: string,
  clientId: string | null,
  afterRev: number,
  limit: number,
) => Flow<PullRead>;

/** Its statements have to see one instant. */
export function createDeltaReader(prepare: Prepare): DeltaReader {
  const readHead = headReader(prepare);
  const { objects, aliases } = deltaStatements(prepare);

  return function* readDelta(athleteId, clientId, afterRev, limit) {
    const head = yield* readHead(athleteId, clientId);
    // Most pulls find nothing.
    if (head.athlete.rev <= afterRev) return { ...head, rows: [], hasMore: false };
    const range = { athleteId, afterRev, limit: limit + 1 };
    const changed = (yield* objects.tuples(range)).map(objectDelta);
    const joined = (yield* aliases.all(range)).map(aliasDelta);
    const rows = inRevOrder(changed, joined);
    return { ...head, rows: rows.slice(0, limit), hasMore: rows.length > limit };
  };
}

/** Exported for the test that looks at their query plans. */
export function deltaStatements(prepare: Prepare) {
  type Range = { athleteId: string; afterRev: number; limit: number };
  return {
    objects: prepare((db, p: Params<Range>) =>
      db
        .selectFrom('object')
        .select(TRAVELLING_COLUMNS)
        .where('athlete_id', '=', p.athleteId)
        .where('rev', '>', p.afterRev)
        .orderBy('rev')
        .limit(p.limit),
    ),
    aliases: prepare((db, p: Params<Range>) =>
      db
        .selectFrom('alias')
        .select(['kind', 'old_id as oldId', 'object_id as objectId', 'rev'])
        .where('athlete_id', '=', p.athleteId)
        .where('rev', '>', p.afterRev)
        .orderBy('rev')
        .limit(p.limit),
    ),
  };
}

function inRevOrder(objects: DeltaRow[], aliases: DeltaRow[]): DeltaRow[] {
  if (aliases.length === 0) return objects;
  return [...objects, ...aliases].sort((a, b) => a.rev - b.rev);
}
