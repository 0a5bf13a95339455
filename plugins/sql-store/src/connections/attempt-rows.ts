import type { Params, Prepare } from '../database/statement.ts';

type AttemptColumns = {
  stateSha256: string;
  athleteId: string;
  clientId: string | null;
  plugin: string;
  connectionId: string;
  sealedVerifier: string;
  redirectUri: string;
  returnUrl: string | null;
  expiresAtMs: number;
};

const ATTEMPT_COLUMNS = [
  'state_sha256 as stateSha256',
  'athlete_id as athleteId',
  'client_id as clientId',
  'plugin',
  'connection_id as connectionId',
  'sealed_verifier as sealedVerifier',
  'redirect_uri as redirectUri',
  'return_url as returnUrl',
  'expires_at_ms as expiresAtMs',
] as const;

/** Looking at a consent without taking it. */
export function attemptReads(prepare: Prepare) {
  return {
    peek: prepare((db, p: Params<{ stateSha256: string; nowMs: number }>) =>
      db
        .selectFrom('attempt')
        .select(ATTEMPT_COLUMNS)
        .where('state_sha256', '=', p.stateSha256)
        .where('expires_at_ms', '>', p.nowMs),
    ),
  };
}

/** Consents under way. */
export function attemptStatements(prepare: Prepare) {
  return {
    insert: prepare((db, p: Params<AttemptColumns>) =>
      db.insertInto('attempt').values({
        state_sha256: p.stateSha256,
        athlete_id: p.athleteId,
        client_id: p.clientId,
        plugin: p.plugin,
        connection_id: p.connectionId,
        sealed_verifier: p.sealedVerifier,
        redirect_uri: p.redirectUri,
        return_url: p.returnUrl,
        expires_at_ms: p.expiresAtMs,
      }),
    ),
    take: prepare((db, p: Params<{ stateSha256: string }>) =>
      db.deleteFrom('attempt').where('state_sha256', '=', p.stateSha256).returning(ATTEMPT_COLUMNS),
    ),
    removeExpired: prepare((db, p: Params<{ nowMs: number }>) =>
      db.deleteFrom('attempt').where('expires_at_ms', '<=', p.nowMs),
    ),
  };
}
