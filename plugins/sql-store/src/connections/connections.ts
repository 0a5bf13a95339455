/** Connections, their sealed tokens, connect attempts, leases and the audit trail. */
import type { AuditEntry, ConnectionStore } from '@coach-hub/core';
import type { Database } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { attemptReads, attemptStatements } from './attempt-rows.ts';
import { auditColumns, auditReads, auditWrite } from './audit-rows.ts';
import { connectionColumns, connectionOf, connectionReads, connectionWrites } from './connection-rows.ts';

/** Sorts after every character a name is made of. */
const LAST_CHAR = '\u{10ffff}';

export interface ConnectionDeps {
  database: Database;
}

export function createConnections({ database }: ConnectionDeps): ConnectionStore {
  const { prepare } = database;
  const connections = { ...connectionReads(prepare), ...connectionWrites(prepare) };
  const attempts = { ...attemptReads(prepare), ...attemptStatements(prepare) };
  const leases = leaseStatements(prepare);
  const trail = { ...auditReads(prepare), insert: auditWrite(prepare) };

  /** Whether the statement found the one row it is about. */
  function writesOne(changes: Flow<number>): Flow<boolean> {
    return (function* () {
      return (yield* changes) === 1;
    })();
  }

  return {
    async connection(connectionId) {
      const row = await database.read(connections.byId.get({ connectionId }));
      return row ? connectionOf(row) : null;
    },
    async connectionsOf(athleteId) {
      return (await database.read(connections.ofAthlete.all({ athleteId }))).map(connectionOf);
    },
    async connectionsByIdentity(plugin, identity) {
      return (await database.read(connections.byIdentity.all({ plugin, identity }))).map(connectionOf);
    },
    saveConnection(row, expectGeneration) {
      const columns = connectionColumns(row);
      return database.write(() =>
        writesOne(
          expectGeneration === null
            ? connections.insert.run(columns)
            : connections.replace.run({ ...columns, expectGeneration }),
        ),
      );
    },
    swapTokens(connectionId, generation, old, next) {
      return database.write(() => writesOne(connections.swapTokens.run({ connectionId, generation, old, ...next })));
    },

    async saveAttempt(attempt) {
      await database.write(() => attempts.insert.run({ ...attempt }));
    },
    async peekAttempt(stateSha256, nowMs) {
      return (await database.read(attempts.peek.get({ stateSha256, nowMs }))) ?? null;
    },
    takeAttempt(stateSha256, nowMs) {
      return database.write(function* () {
        yield* attempts.removeExpired.run({ nowMs });
        return (yield* attempts.take.get({ stateSha256 })) ?? null;
      });
    },

    acquireLease(name, owner, untilMs, nowMs) {
      return database.write(() => writesOne(leases.acquire.run({ name, owner, untilMs, nowMs })));
    },
    async releaseLease(name, owner) {
      await database.write(() => leases.release.run({ name, owner }));
    },

    leases(prefix, nowMs) {
      return database.read(leases.held.all({ prefix, end: `${prefix}${LAST_CHAR}`, nowMs }));
    },

    async audit(entry) {
      await database.write(() => trail.insert.run(auditColumns(entry)));
    },
    /** Newest first. */
    async auditOf({ athleteId, action, limit }) {
      const filter = { action: action ?? null, limit };
      const asked = athleteId === undefined ? trail.all.all(filter) : trail.ofAthlete.all({ athleteId, ...filter });
      const rows = await database.read(asked);
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
    held: prepare((db, p: Params<{ prefix: string; end: string; nowMs: number }>) =>
      db
        .selectFrom('lease')
        .select(['name', 'owner'])
        .where('name', '>=', p.prefix)
        .where('name', '<', p.end)
        .where('until_ms', '>', p.nowMs)
        .orderBy('name'),
    ),
  };
}
