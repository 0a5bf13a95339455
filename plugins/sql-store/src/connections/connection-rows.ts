import type { ConnectionRow, ConnectionState } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';

type ConnectionColumns = {
  connectionId: string;
  athleteId: string;
  plugin: string;
  state: string;
  generation: number;
  identity: string | null;
  permissions: string;
  sealedTokens: string | null;
  tokenExpiresAtMs: number | null;
  connectedAtMs: number | null;
  reason: string | null;
};

const CONNECTION_COLUMNS = [
  'connection_id as connectionId',
  'athlete_id as athleteId',
  'plugin',
  'state',
  'generation',
  'identity',
  'permissions',
  'sealed_tokens as sealedTokens',
  'token_expires_at_ms as tokenExpiresAtMs',
  'connected_at_ms as connectedAtMs',
  'reason',
] as const;

export function connectionReads(prepare: Prepare) {
  return {
    byId: prepare((db, p: Params<{ connectionId: string }>) =>
      db.selectFrom('connection').select(CONNECTION_COLUMNS).where('connection_id', '=', p.connectionId),
    ),
    ofAthlete: prepare((db, p: Params<{ athleteId: string }>) =>
      db
        .selectFrom('connection')
        .select(CONNECTION_COLUMNS)
        .where('athlete_id', '=', p.athleteId)
        .orderBy('connection_id'),
    ),
    byIdentity: prepare((db, p: Params<{ plugin: string; identity: string }>) =>
      db
        .selectFrom('connection')
        .select(CONNECTION_COLUMNS)
        .where('plugin', '=', p.plugin)
        .where('identity', '=', p.identity)
        .where('state', '=', sql.lit('connected'))
        .orderBy('connection_id'),
    ),
  };
}

export function connectionWrites(prepare: Prepare) {
  const columns = (p: Params<Omit<ConnectionColumns, 'connectionId'>>) => ({
    athlete_id: p.athleteId,
    plugin: p.plugin,
    state: p.state,
    generation: p.generation,
    identity: p.identity,
    permissions: p.permissions,
    sealed_tokens: p.sealedTokens,
    token_expires_at_ms: p.tokenExpiresAtMs,
    connected_at_ms: p.connectedAtMs,
    reason: p.reason,
  });
  return {
    insert: prepare((db, p: Params<ConnectionColumns>) =>
      db
        .insertInto('connection')
        .values({ connection_id: p.connectionId, ...columns(p) })
        .onConflict((on) => on.doNothing()),
    ),
    replace: prepare((db, p: Params<ConnectionColumns & { expectGeneration: number }>) =>
      db
        .updateTable('connection')
        .set(columns(p))
        .where('connection_id', '=', p.connectionId)
        .where('generation', '=', p.expectGeneration),
    ),
    swapTokens: prepare(
      (
        db,
        p: Params<{
          connectionId: string;
          generation: number;
          old: string | null;
          sealedTokens: string | null;
          tokenExpiresAtMs: number | null;
        }>,
      ) =>
        db
          .updateTable('connection')
          .set({ sealed_tokens: p.sealedTokens, token_expires_at_ms: p.tokenExpiresAtMs })
          .where('connection_id', '=', p.connectionId)
          .where('generation', '=', p.generation)
          .where('sealed_tokens', 'is not distinct from', p.old),
    ),
  };
}

export function connectionColumns(row: ConnectionRow): ConnectionColumns {
  return { ...row, permissions: JSON.stringify(row.permissions) };
}

export function connectionOf(row: ConnectionColumns): ConnectionRow {
  return {
    ...row,
    state: row.state as ConnectionState,
    permissions: JSON.parse(row.permissions) as string[],
  };
}
