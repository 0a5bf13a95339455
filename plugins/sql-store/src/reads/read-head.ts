import type { AthleteRow } from '@coach-hub/core';
import { ATHLETE_COLUMNS, athleteOf } from '../change/athlete-row.ts';
import { athleteUnknown } from '../change/athlete-unknown.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';

export interface Head {
  athlete: AthleteRow;
  serverEpoch: string;
  ackSeq: number;
}

/** What every pull starts with, in one statement and so in one snapshot: athlete, server's epoch, the client's ack. */
export function headReader(prepare: Prepare): (athleteId: string, clientId: string | null) => Flow<Head> {
  const head = prepare((db, p: Params<{ athleteId: string; clientId: string | null }>) =>
    db
      .selectFrom('athlete')
      .select(ATHLETE_COLUMNS)
      .select((q) => [
        q.selectFrom('server').select('epoch').where('one', '=', 1).as('serverEpoch'),
        q
          .selectFrom('client')
          .select('ack_seq')
          .where('client_id', '=', p.clientId)
          .where('client.athlete_id', '=', p.athleteId)
          .as('ackSeq'),
      ])
      .where('athlete_id', '=', p.athleteId),
  );
  return function* readHead(athleteId, clientId) {
    const row = yield* head.get({ athleteId, clientId });
    if (!row) throw athleteUnknown(athleteId);
    const { serverEpoch, ackSeq, ...athlete } = row;
    return { athlete: athleteOf(athlete), serverEpoch: serverEpoch ?? '', ackSeq: ackSeq ?? 0 };
  };
}
