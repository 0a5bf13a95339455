import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';

type Key = { athleteId: string; kind: string; id: string };

/** Stops at a ring, which only damage could make. */
const MAX_HOPS = 100;

/** Where an alias leads, or undefined when the id is none. Chains are followed to their end. */
export type AliasTarget = (athleteId: string, kind: string, id: string) => Flow<string | undefined>;

export function aliasTarget(prepare: Prepare): AliasTarget {
  const step = prepare((db, p: Params<Key>) =>
    db
      .selectFrom('alias')
      .select('object_id as objectId')
      .where('athlete_id', '=', p.athleteId)
      .where('kind', '=', p.kind)
      .where('old_id', '=', p.id),
  );
  return function* follow(athleteId, kind, id) {
    let target: string | undefined;
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const next = yield* step.get({ athleteId, kind, id: target ?? id });
      if (!next) break;
      target = next.objectId;
    }
    return target;
  };
}
