import type { Envelope, NewEnvelope } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';

export type EnvelopeColumns = {
  athleteId: string;
  plugin: string;
  connectionId: string | null;
  generation: number;
  stream: string;
  externalId: string | null;
  sha256: string;
  body: Uint8Array | null;
  blobSha256: string | null;
  bytes: number;
  receivedAtMs: number;
  ref: string;
  receipt: number;
};

export const ENVELOPE_COLUMNS = [
  'id',
  'athlete_id as athleteId',
  'plugin',
  'connection_id as connectionId',
  'generation',
  'stream',
  'external_id as externalId',
  'sha256',
  'body',
  'blob_sha256 as blobSha256',
  'bytes',
  'received_at_ms as receivedAtMs',
  'ref',
  'receipt',
  'state',
] as const;

type Statement = {
  plugin: string;
  source: string;
  generation: number;
  stream: string;
  externalId: string;
  sha256: string;
};

export function envelopeStatements(prepare: Prepare) {
  return {
    /** Nothing is stored, and no id answered, when the statement is stored already. */
    insert: prepare((db, p: Params<EnvelopeColumns>) =>
      db
        .insertInto('envelope')
        .values({
          athlete_id: p.athleteId,
          plugin: p.plugin,
          connection_id: p.connectionId,
          generation: p.generation,
          stream: p.stream,
          external_id: p.externalId,
          sha256: p.sha256,
          body: p.body,
          blob_sha256: p.blobSha256,
          bytes: p.bytes,
          received_at_ms: p.receivedAtMs,
          ref: p.ref,
          receipt: p.receipt,
          state: 'new',
          notes: null,
          mapping_version: 0,
        })
        .onConflict((on) => on.doNothing())
        .returning('id'),
    ),
    /** The stored envelope of the same statement. Worded like the index `envelope_once`, which answers it. */
    same: prepare((db, p: Params<Statement>) =>
      db
        .selectFrom('envelope')
        .select(['id', 'receipt'])
        .where('plugin', '=', p.plugin)
        .where(sql`coalesce(connection_id, athlete_id)`, '=', p.source)
        .where('generation', '=', p.generation)
        .where('stream', '=', p.stream)
        .where(sql`coalesce(external_id, '')`, '=', p.externalId)
        .where('sha256', '=', p.sha256),
    ),
    oldestNew: prepare((db, p: Params<{ limit: number }>) =>
      db
        .selectFrom('envelope')
        .select(ENVELOPE_COLUMNS)
        .where('state', '=', sql.lit('new'))
        .orderBy('receipt')
        .limit(p.limit),
    ),
    byId: prepare((db, p: Params<{ id: number }>) =>
      db.selectFrom('envelope').select(ENVELOPE_COLUMNS).where('id', '=', p.id),
    ),
    erase: prepare((db, p: Params<{ connectionId: string; beforeGeneration: number }>) =>
      db
        .deleteFrom('envelope')
        .where('connection_id', '=', p.connectionId)
        .where('generation', '<', p.beforeGeneration),
    ),
    /** `sha256` is there for files kept beside a small body. */
    hashes: prepare((db, p: Params<{ athleteId: string }>) =>
      db
        .selectFrom('envelope')
        .select(['sha256', 'blob_sha256 as blobSha256'])
        .where('athlete_id', '=', p.athleteId)
        .where(hasBytes()),
    ),
    hashesOfConnection: prepare((db, p: Params<{ connectionId: string; beforeGeneration: number }>) =>
      db
        .selectFrom('envelope')
        .select(['sha256', 'blob_sha256 as blobSha256'])
        .where('connection_id', '=', p.connectionId)
        .where('generation', '<', p.beforeGeneration),
    ),
    kill: prepare((db, p: Params<{ id: number }>) =>
      db.updateTable('envelope').set({ state: 'dead' }).where('id', '=', p.id).where('state', '!=', 'dead'),
    ),
    reopen: prepare((db, p: Params<{ id: number }>) =>
      db.updateTable('envelope').set({ state: 'new', notes: null }).where('id', '=', p.id),
    ),
  };
}

/** Worded like the index `envelope_kept`. */
export function hasBytes() {
  return sql<boolean>`(body is not null or blob_sha256 is not null)`;
}

export function envelopeColumns({ place: _place, ...envelope }: NewEnvelope, receipt: number): EnvelopeColumns {
  return { ...envelope, ref: JSON.stringify(envelope.ref), receipt };
}

/** What makes two envelopes one statement: the same bytes about the same thing from the same source, under one authorisation. */
export function statementOf(
  envelope: Omit<Statement, 'source' | 'externalId'> & Pick<NewEnvelope, 'athleteId' | 'connectionId' | 'externalId'>,
): Statement {
  const { plugin, connectionId, athleteId, generation, stream, externalId, sha256 } = envelope;
  return { plugin, source: connectionId ?? athleteId, generation, stream, externalId: externalId ?? '', sha256 };
}

export function envelopeOf(row: EnvelopeColumns & { id: number; state: string }): Envelope {
  return { ...row, ref: JSON.parse(row.ref) as Envelope['ref'], state: row.state as Envelope['state'] };
}
