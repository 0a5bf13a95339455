/** ConnectionStore in memory, as its contract says; shared by several services it stands for several processes. */
import type { AuditEntry, ConnectAttempt, ConnectionRow, ConnectionStore } from '../store/connection-store.ts';

export interface MemoryConnectionStore extends ConnectionStore {
  rows: Map<string, ConnectionRow>;
  audits: AuditEntry[];
  attempts: Map<string, ConnectAttempt>;
}

export function memoryConnectionStore(): MemoryConnectionStore {
  const rows = new Map<string, ConnectionRow>();
  const attempts = new Map<string, ConnectAttempt>();
  const leases = new Map<string, { owner: string; untilMs: number }>();
  const audits: AuditEntry[] = [];
  const all = () => [...rows.values()].map((row) => structuredClone(row));
  return {
    rows,
    audits,
    attempts,
    connection: async (connectionId) => structuredClone(rows.get(connectionId) ?? null),
    connectionsOf: async (athleteId) => all().filter((row) => row.athleteId === athleteId),
    connectionsByIdentity: async (plugin, identity) =>
      all().filter((row) => row.plugin === plugin && row.identity === identity && row.state === 'connected'),
    async saveConnection(row, expectGeneration) {
      if ((rows.get(row.connectionId)?.generation ?? null) !== expectGeneration) return false;
      rows.set(row.connectionId, structuredClone(row));
      return true;
    },
    async swapTokens(connectionId, generation, old, next) {
      const row = rows.get(connectionId);
      if (row?.generation !== generation || row.sealedTokens !== old) return false;
      rows.set(connectionId, { ...row, ...next });
      return true;
    },
    async saveAttempt(attempt) {
      attempts.set(attempt.stateSha256, attempt);
    },
    async peekAttempt(stateSha256, nowMs) {
      const attempt = attempts.get(stateSha256) ?? null;
      return attempt && attempt.expiresAtMs > nowMs ? attempt : null;
    },
    async takeAttempt(stateSha256, nowMs) {
      const attempt = attempts.get(stateSha256) ?? null;
      attempts.delete(stateSha256);
      return attempt && attempt.expiresAtMs > nowMs ? attempt : null;
    },
    async acquireLease(name, owner, untilMs, nowMs) {
      const held = leases.get(name);
      if (held && held.owner !== owner && held.untilMs > nowMs) return false;
      leases.set(name, { owner, untilMs });
      return true;
    },
    async releaseLease(name, owner) {
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
    leases: async (prefix, nowMs) =>
      [...leases].flatMap(([name, { owner, untilMs }]) =>
        name.startsWith(prefix) && untilMs > nowMs ? [{ name, owner }] : [],
      ),
    async audit(entry) {
      audits.push(entry);
    },
    auditOf: async ({ athleteId, action, limit }) =>
      audits
        .filter((entry) => (!athleteId || entry.athleteId === athleteId) && (!action || entry.action === action))
        .reverse()
        .slice(0, limit),
  };
}
