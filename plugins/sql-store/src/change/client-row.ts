/** Rows of `client`: each is bound to one athlete for ever. */
import { HubError } from '@coach-hub/core';
import type { Params, Prepare } from '../database/statement.ts';

export function clientStatements(prepare: Prepare) {
  return {
    byId: prepare((db, p: Params<{ clientId: string }>) =>
      db
        .selectFrom('client')
        .select([
          'client_id as clientId',
          'athlete_id as athleteId',
          'ack_seq as ackSeq',
          'durable_seq as durableSeq',
          'served_rev as servedRev',
        ])
        .where('client_id', '=', p.clientId),
    ),
    saveAck: prepare(
      (
        db,
        p: Params<{ clientId: string; athleteId: string; ackSeq: number; schemaVersion: number | null; nowMs: number }>,
      ) =>
        db
          .insertInto('client')
          .values({
            client_id: p.clientId,
            athlete_id: p.athleteId,
            ack_seq: p.ackSeq,
            durable_seq: 0,
            served_rev: 0,
            schema_version: p.schemaVersion,
            last_seen_ms: p.nowMs,
          })
          .onConflict((on) =>
            on
              .column('client_id')
              .doUpdateSet({ ack_seq: p.ackSeq, schema_version: p.schemaVersion, last_seen_ms: p.nowMs })
              .where('client.athlete_id', '=', p.athleteId),
          ),
    ),
    saveServed: prepare(
      (db, p: Params<{ clientId: string; athleteId: string; servedRev: number; nowMs: number }>, { greatest }) =>
        db
          .insertInto('client')
          .values({
            client_id: p.clientId,
            athlete_id: p.athleteId,
            ack_seq: 0,
            durable_seq: 0,
            served_rev: p.servedRev,
            schema_version: null,
            last_seen_ms: p.nowMs,
          })
          .onConflict((on) =>
            on
              .column('client_id')
              .doUpdateSet({ served_rev: greatest('client.served_rev', p.servedRev), last_seen_ms: p.nowMs })
              .where('client.athlete_id', '=', p.athleteId),
          ),
    ),
  };
}

export function clientOfAnother(clientId: string): HubError {
  return new HubError('client_athlete_mismatch', {
    what: `Client ${clientId} is bound to another athlete.`,
    why: 'A client id belongs to the athlete it was first used by, for ever.',
    fix: 'Let the app open a database of its own for each athlete.',
  });
}
