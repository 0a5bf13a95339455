/** Connections, their sealed tokens, connect attempts, leases and the audit trail. */

export type ConnectionState = 'pending' | 'connected' | 'revoked' | 'disconnected';

export interface ConnectionRow {
  connectionId: string;
  athleteId: string;
  plugin: string;
  state: ConnectionState;
  /** Raised on disconnect, revoke and reconnect: work that carries an older one is dropped. */
  generation: number;
  /** The provider's own id of the account; joins notifications to connections. */
  identity: string | null;
  /** What the athlete granted, in the provider's words. */
  permissions: string[];
  /** Sealed by the vault, bound to this row; null when there is none. */
  sealedTokens: string | null;
  /** Epoch ms at which the access token ends. */
  tokenExpiresAtMs: number | null;
  connectedAtMs: number | null;
  /** Why it is not connected, as an error code. */
  reason: string | null;
}

/** A consent under way: single use, bound to athlete and client. */
export interface ConnectAttempt {
  /** SHA-256 of the `state` value; the value itself is only in the athlete's browser. */
  stateSha256: string;
  athleteId: string;
  clientId: string | null;
  plugin: string;
  connectionId: string;
  /** Sealed PKCE verifier. */
  sealedVerifier: string;
  redirectUri: string;
  returnUrl: string | null;
  expiresAtMs: number;
}

export interface AuditEntry {
  atMs: number;
  athleteId: string | null;
  actor: string;
  action: string;
  /** Facts without secrets or health values. */
  params: { [key: string]: string | number | boolean | null };
}

export interface ConnectionStore {
  connection(connectionId: string): Promise<ConnectionRow | null>;
  connectionsOf(athleteId: string): Promise<ConnectionRow[]>;
  /** Connected rows of a plugin with this identity: several athletes may share one account. */
  connectionsByIdentity(plugin: string, identity: string): Promise<ConnectionRow[]>;
  /** Inserts or replaces the row, but only while the stored generation is `expectGeneration` (null: no row yet). */
  saveConnection(row: ConnectionRow, expectGeneration: number | null): Promise<boolean>;
  /** Replaces sealed tokens while generation and the old sealed text still match: one refresh per rotation. */
  swapTokens(
    connectionId: string,
    generation: number,
    old: string | null,
    next: { sealedTokens: string | null; tokenExpiresAtMs: number | null },
  ): Promise<boolean>;
  saveAttempt(attempt: ConnectAttempt): Promise<void>;
  /** The attempt as it is, left where it is; null when there is none or it has expired. */
  peekAttempt(stateSha256: string, nowMs: number): Promise<ConnectAttempt | null>;
  /** Takes the attempt out: a second call with the same state gets null. Expired ones are removed and not returned. */
  takeAttempt(stateSha256: string, nowMs: number): Promise<ConnectAttempt | null>;
  /** Takes or renews a named lease; false while another owner holds it. */
  acquireLease(name: string, owner: string, untilMs: number, nowMs: number): Promise<boolean>;
  releaseLease(name: string, owner: string): Promise<void>;
  /** Leases held now whose name begins like this, by name. */
  leases(prefix: string, nowMs: number): Promise<{ name: string; owner: string }[]>;
  audit(entry: AuditEntry): Promise<void>;
  auditOf(filter: { athleteId?: string; action?: string; limit: number }): Promise<AuditEntry[]>;
}
