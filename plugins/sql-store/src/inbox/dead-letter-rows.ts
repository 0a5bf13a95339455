import type { DeadLetter, LetterFilter, NewDeadLetter } from '@coach-hub/core';
import type { Expression } from 'kysely';
import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';

type LetterColumns = {
  plugin: string;
  stage: string;
  code: string;
  detail: string;
  athleteId: string | null;
  connectionId: string | null;
  body: Uint8Array | null;
  blobSha256: string | null;
  envelopeId: number | null;
  replay: string;
  atMs: number;
};

type FilterColumns = {
  plugin: string | null;
  stage: string | null;
  code: string | null;
  athleteId: string | null;
  connectionId: string | null;
  sinceMs: number;
};

const LETTER_COLUMNS = [
  'id',
  'plugin',
  'stage',
  'code',
  'detail',
  'athlete_id as athleteId',
  'connection_id as connectionId',
  'body',
  'blob_sha256 as blobSha256',
  'envelope_id as envelopeId',
  'replay',
  'at_ms as atMs',
  'replayed_at_ms as replayedAtMs',
] as const;

export function deadLetterStatements(prepare: Prepare) {
  return {
    insert: prepare((db, p: Params<LetterColumns>) =>
      db
        .insertInto('dead_letter')
        .values({
          plugin: p.plugin,
          stage: p.stage,
          code: p.code,
          detail: p.detail,
          athlete_id: p.athleteId,
          connection_id: p.connectionId,
          body: p.body,
          blob_sha256: p.blobSha256,
          envelope_id: p.envelopeId,
          replay: p.replay,
          at_ms: p.atMs,
          replayed_at_ms: null,
        })
        .returning('id'),
    ),
    byId: prepare((db, p: Params<{ id: number }>) =>
      db.selectFrom('dead_letter').select(LETTER_COLUMNS).where('id', '=', p.id),
    ),
    /** Newest first. */
    newest: prepare((db, p: Params<FilterColumns & { beforeId: number | null; limit: number }>) =>
      db
        .selectFrom('dead_letter')
        .select(LETTER_COLUMNS)
        .where(passes(p))
        .where(sql<boolean>`(cast(${p.beforeId} as bigint) is null or id < ${p.beforeId})`)
        .orderBy('id', 'desc')
        .limit(p.limit),
    ),
    unreplayed: prepare((db, p: Params<FilterColumns & { afterId: number; limit: number }>) =>
      db
        .selectFrom('dead_letter')
        .select(LETTER_COLUMNS)
        .where('id', '>', p.afterId)
        .where('replayed_at_ms', 'is', null)
        .where(passes(p))
        .orderBy('id')
        .limit(p.limit),
    ),
    count: prepare((db, p: Params<FilterColumns>) =>
      db
        .selectFrom('dead_letter')
        .select((q) => [
          q.fn.countAll<number>().as('all'),
          sql<number>`count(*) - count(replayed_at_ms)`.as('unreplayed'),
        ])
        .where(passes(p)),
    ),
    remove: prepare((db, p: Params<{ id: number }>) => db.deleteFrom('dead_letter').where('id', '=', p.id)),
    erase: prepare((db, p: Params<{ connectionId: string }>) =>
      db.deleteFrom('dead_letter').where('connection_id', '=', p.connectionId),
    ),
    markReplayed: prepare((db, p: Params<{ id: number; atMs: number }>) =>
      db.updateTable('dead_letter').set({ replayed_at_ms: p.atMs }).where('id', '=', p.id),
    ),
  };
}

/** A filter left out (null) lets every row pass. */
function passes(p: Params<FilterColumns>) {
  const isAskedFor = (column: string, wanted: Expression<string | null>) =>
    sql<boolean>`(cast(${wanted} as text) is null or ${sql.ref(column)} = ${wanted})`;
  return sql<boolean>`${sql.join(
    [
      isAskedFor('plugin', p.plugin),
      isAskedFor('stage', p.stage),
      isAskedFor('code', p.code),
      isAskedFor('athlete_id', p.athleteId),
      isAskedFor('connection_id', p.connectionId),
      sql`at_ms >= ${p.sinceMs}`,
    ],
    sql` and `,
  )}`;
}

export function filterColumns(filter: LetterFilter): FilterColumns {
  const { plugin = null, stage = null, code = null, athleteId = null, connectionId = null, sinceMs = 0 } = filter;
  return { plugin, stage, code, athleteId, connectionId, sinceMs };
}

export function letterColumns({ generation: _generation, ...letter }: NewDeadLetter): LetterColumns {
  return { ...letter, replay: JSON.stringify(letter.replay) };
}

export function deadLetterOf(row: LetterColumns & { id: number; replayedAtMs: number | null }): DeadLetter {
  return {
    ...row,
    stage: row.stage as DeadLetter['stage'],
    replay: JSON.parse(row.replay) as DeadLetter['replay'],
  };
}
