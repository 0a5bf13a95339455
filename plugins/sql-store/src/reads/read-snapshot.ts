/** One page of a walk over all live objects: kinds as listed, newest day first, no day last, then id. */
import type { DeltaRow, Kind, PullRead, SnapshotPlace } from '@coach-hub/core';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { objectDelta, TRAVELLING_COLUMNS } from './delta-row.ts';
import { headReader } from './read-head.ts';

/** Days are compared as text; these lie before and after every one of them. */
export const FIRST_DAY = '';
export const LAST_DAY = '~';

type Ranges = { [kind: string]: { fromDay: string | null; toDay: string | null } };

export type SnapshotReader = (
  athleteId: string,
  clientId: string | null,
  kinds: Kind[],
  ranges: Ranges,
  after: SnapshotPlace | null,
  limit: number,
) => Flow<PullRead>;

/** Its statements have to see one instant. */
export function createSnapshotReader(prepare: Prepare): SnapshotReader {
  const readHead = headReader(prepare);
  const { dated, undated } = snapshotStatements(prepare);

  return function* readSnapshot(athleteId, clientId, kinds, ranges, after, limit) {
    const head = yield* readHead(athleteId, clientId);
    const rows: DeltaRow[] = [];
    for (const kind of after ? kinds.slice(kinds.indexOf(after.kind)) : kinds) {
      const place = after?.kind === kind ? after : null;
      const range = { fromDay: ranges[kind]?.fromDay ?? FIRST_DAY, toDay: ranges[kind]?.toDay ?? LAST_DAY };
      rows.push(...(yield* kindRows(athleteId, kind, range, place, limit + 1 - rows.length)));
      if (rows.length > limit) break;
    }
    return { ...head, rows: rows.slice(0, limit), hasMore: rows.length > limit };
  };

  function* kindRows(
    athleteId: string,
    kind: Kind,
    { fromDay, toDay }: { fromDay: string; toDay: string },
    place: SnapshotPlace | null,
    limit: number,
  ): Flow<DeltaRow[]> {
    const rows: DeltaRow[] = [];
    if (!place || place.day !== null) {
      const start = place?.day ? { upToDay: place.day, afterId: place.id } : { upToDay: toDay, afterId: '' };
      rows.push(...(yield* dated.tuples({ athleteId, kind, fromDay, ...start, limit })).map(objectDelta));
    }
    if (rows.length < limit) {
      const afterId = place && place.day === null ? place.id : '';
      const rest = limit - rows.length;
      rows.push(...(yield* undated.tuples({ athleteId, kind, afterId, limit: rest })).map(objectDelta));
    }
    return rows;
  }
}

/** Both walk the index `object_by_day` as it lies. Exported for the test that looks at their query plans. */
export function snapshotStatements(prepare: Prepare) {
  return {
    /** From a place on: all of the days before `upToDay`, and of that day the ids after `afterId`. */
    dated: prepare(
      (
        db,
        p: Params<{
          athleteId: string;
          kind: string;
          fromDay: string;
          upToDay: string;
          afterId: string;
          limit: number;
        }>,
      ) =>
        db
          .selectFrom('object')
          .select(TRAVELLING_COLUMNS)
          .where('athlete_id', '=', p.athleteId)
          .where('kind', '=', p.kind)
          .where('day', '>=', p.fromDay)
          .where('day', '<=', p.upToDay)
          .where((q) => q.or([q('day', '<', p.upToDay), q('id', '>', p.afterId)]))
          .where('deleted', '=', 0)
          .orderBy('day', (by) => by.desc().nullsLast())
          .orderBy('id')
          .limit(p.limit),
    ),
    undated: prepare((db, p: Params<{ athleteId: string; kind: string; afterId: string; limit: number }>) =>
      db
        .selectFrom('object')
        .select(TRAVELLING_COLUMNS)
        .where('athlete_id', '=', p.athleteId)
        .where('kind', '=', p.kind)
        .where('day', 'is', null)
        .where('id', '>', p.afterId)
        .where('deleted', '=', 0)
        .orderBy('id')
        .limit(p.limit),
    ),
  };
}
