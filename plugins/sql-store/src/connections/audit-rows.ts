/** The audit trail: one line for each thing that somebody may have to account for. */
import type { AuditEntry } from '@coach-hub/core';
import { type Expression, type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare } from '../database/statement.ts';

export function auditColumns({ params, ...entry }: AuditEntry) {
  return { ...entry, params: JSON.stringify(params) };
}

export function auditWrite(prepare: Prepare) {
  return prepare(
    (db, p: Params<{ atMs: number; athleteId: string | null; actor: string; action: string; params: string }>) =>
      db
        .insertInto('audit')
        .values({ at_ms: p.atMs, athlete_id: p.athleteId, actor: p.actor, action: p.action, params: p.params }),
  );
}

export function auditReads(prepare: Prepare) {
  const entries = (db: Kysely<Schema>) =>
    db
      .selectFrom('audit')
      .select(['at_ms as atMs', 'athlete_id as athleteId', 'actor', 'action', 'params'])
      .orderBy('id', 'desc');
  const isAskedFor = (action: Expression<string | null>) => sql<boolean>`action = coalesce(${action}, action)`;
  return {
    all: prepare((db, p: Params<{ action: string | null; limit: number }>) =>
      entries(db).where(isAskedFor(p.action)).limit(p.limit),
    ),
    ofAthlete: prepare((db, p: Params<{ athleteId: string; action: string | null; limit: number }>) =>
      entries(db).where('athlete_id', '=', p.athleteId).where(isAskedFor(p.action)).limit(p.limit),
    ),
  };
}
