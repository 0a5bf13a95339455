/** Connections, their sealed tokens, connect attempts, leases and the audit trail. */
import type { AuditEntry, ConnectionStore } from '@coach-hub/core';
import type { Params, Prepare } from '../database/statement.ts';
import type { Writer } from '../database/writer.ts';
import { attemptReads, attemptStatements } from './attempt-rows.ts';
import { auditColumns, auditReads, auditWrite } from './audit-rows.ts';
import { connectionColumns, connectionOf, connectionReads, connectionWrites } from './connection-rows.ts';

/** Sorts after every character a name is made of. */
const LAST_CHAR = '\u{10ffff}';

export interface ConnectionDeps {
  writer: Writer;
  prepareRead: Prepare;
  prepareWrite: Prepare;
}

export function createConnections({ writer, prepareRead, prepareWrite }: ConnectionDeps): ConnectionStore {
  const read = connectionReads(prepareRead);
  const save = connectionWrites(prepareWrite);
  const attempt = attemptReads(prepareRead);
  const attempts = attemptStatements(prepareWrite);
  const leases = leaseStatements(prepareWrite);
  const held = heldLeases(prepareRead);
  const trail = auditReads(prepareRead);
  const insertAudit = auditWrite(prepareWrite);

  return {
    async connection(connectionId) {
      const row = read.byId.get({ connectionId });
      return row ? connectionOf(row) : null;
    },
    async connectionsOf(athleteId) {
      return read.ofAthlete.all({ athleteId }).map(connectionOf);
    },
    async connectionsByIdentity(plugin, identity) {
      return read.byIdentity.all({ plugin, identity }).map(connectionOf);
    },
    saveConnection(row, expectGeneration) {
      const columns = connectionColumns(row);
      return writer.write(() => {
        const { changes } =
          expectGeneration === null ? save.insert.run(columns) : save.replace.run({ ...columns, expectGeneration });
        return changes === 1;
      });
    },
    swapTokens(connectionId, generation, old, next) {
      return writer.write(() => save.swapTokens.run({ connectionId, generation, old, ...next }).changes === 1);
    },

    saveAttempt(attempt) {
      return writer.write(() => {
        attempts.insert.run({ ...attempt });
      });
    },
    async peekAttempt(stateSha256, nowMs) {
      return attempt.peek.get({ stateSha256, nowMs }) ?? null;
    },
    takeAttempt(stateSha256, nowMs) {
      return writer.write(() => {
        attempts.removeExpired.run({ nowMs });
        return attempts.take.get({ stateSha256 }) ?? null;
      });
    },

    acquireLease(name, owner, untilMs, nowMs) {
      return writer.write(() => leases.acquire.run({ name, owner, untilMs, nowMs }).changes === 1);
    },
    releaseLease(name, owner) {
      return writer.write(() => {
        leases.release.run({ name, owner });
      });
    },

    async leases(prefix, nowMs) {
      return held.all({ prefix, end: `${prefix}${LAST_CHAR}`, nowMs });
    },

    audit(entry) {
      return writer.write(() => {
        insertAudit.run(auditColumns(entry));
      });
    },
    /** Newest first. */
    async auditOf({ athleteId, action, limit }) {
      const filter = { action: action ?? null, limit };
      const rows = athleteId === undefined ? trail.all.all(filter) : trail.ofAthlete.all({ athleteId, ...filter });
      return rows.map((row) => ({ ...row, params: JSON.parse(row.params) as AuditEntry['params'] }));
    },
  };
}

function leaseStatements(prepare: Prepare) {
  return {
    /** Changes nothing while another owner holds it. */
    acquire: prepare((db, p: Params<{ name: string; owner: string; untilMs: number; nowMs: number }>) =>
      db
        .insertInto('lease')
        .values({ name: p.name, owner: p.owner, until_ms: p.untilMs })
        .onConflict((on) =>
          on
            .column('name')
            .doUpdateSet({ owner: p.owner, until_ms: p.untilMs })
            .where((q) => q.or([q('lease.owner', '=', p.owner), q('lease.until_ms', '<=', p.nowMs)])),
        ),
    ),
    release: prepare((db, p: Params<{ name: string; owner: string }>) =>
      db.deleteFrom('lease').where('name', '=', p.name).where('owner', '=', p.owner),
    ),
  };
}

function heldLeases(prepare: Prepare) {
  return prepare((db, p: Params<{ prefix: string; end: string; nowMs: number }>) =>
    db
      .selectFrom('lease')
      .select(['name', 'owner'])
      .where('name', '>=', p.prefix)
      .where('name', '<', p.end)
      .where('until_ms', '>', p.nowMs)
      .orderBy('name'),
  );
}
