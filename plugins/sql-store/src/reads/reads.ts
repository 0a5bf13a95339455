/** Reads for clients: pull pages, objects, explain. */
import type { Kind, ReadStore } from '@coach-hub/core';
import type { Kysely } from 'kysely';
import { aliasTarget } from '../change/alias-target.ts';
import { clientOfAnother, clientStatements } from '../change/client-row.ts';
import { OBJECT_COLUMNS, objectById, readObject } from '../change/stored-object.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { objectDelta, TRAVELLING_COLUMNS } from './delta-row.ts';
import { createDeltaReader } from './read-delta.ts';
import { createSnapshotReader, FIRST_DAY, LAST_DAY } from './read-snapshot.ts';

/** Sorts after every character a key is made of. */
const LAST_CHAR = '\u{10ffff}';

export interface ReadDeps {
  database: Database;
  now: () => number;
}

export function createReads({ database, now }: ReadDeps): ReadStore {
  const { prepare } = database;
  const readDelta = createDeltaReader(prepare);
  const readSnapshot = createSnapshotReader(prepare);
  const follow = aliasTarget(prepare);
  const byId = objectById(prepare);
  const clients = clientStatements(prepare);
  const { epoch, entered, holders, newest, newestOfDays } = readStatements(prepare);

  return {
    async serverEpoch() {
      return (await database.read(epoch.get({})))?.epoch ?? '';
    },
    readDelta(...args) {
      return database.snapshot(readDelta(...args));
    },
    readSnapshot(...args) {
      return database.snapshot(readSnapshot(...args));
    },
    async readEntered(athleteId, kind, afterDay, toDay, limit) {
      const rows = await database.read(entered.tuples({ athleteId, kind, afterDay, toDay, limit }));
      return rows.map(objectDelta);
    },
    async markServed(athleteId, clientId, rev) {
      // Every pull ends here, and most have nothing new to remember: no write for those.
      const known = await database.read(clients.byId.get({ clientId }));
      if (known?.athleteId === athleteId && known.servedRev >= rev) return;
      await database.write(function* () {
        const changes = yield* clients.saveServed.run({ athleteId, clientId, servedRev: rev, nowMs: now() });
        if (changes === 0) throw clientOfAnother(clientId);
      });
    },
    object(athleteId, kind, id) {
      return database.snapshot(
        (function* () {
          const target = yield* follow(athleteId, kind, id);
          const row = yield* byId.get({ athleteId, kind, id: target ?? id });
          return row ? readObject(row).object : null;
        })(),
      );
    },
    async claimHolders(athleteId, prefix, after, limit) {
      const range = { athleteId, prefix, end: `${prefix}${LAST_CHAR}`, after, limit };
      const rows = await database.read(holders.all(range));
      return rows.map(({ kind, ...row }) => ({ ...row, kind: kind as Kind }));
    },
    /** Live ones. A bound on days leaves out objects without a day. */
    async objects(athleteId, kind, { fromDay, toDay, limit }) {
      const days = { fromDay: fromDay ?? FIRST_DAY, toDay: toDay ?? LAST_DAY };
      const rows =
        fromDay === undefined && toDay === undefined
          ? await database.read(newest.all({ athleteId, kind, limit }))
          : await database.read(newestOfDays.all({ athleteId, kind, ...days, limit }));
      return rows.map((row) => readObject(row).object);
    },
  };
}

/** Exported for the test that looks at their query plans. */
export function readStatements(prepare: Prepare) {
  const objects = (db: Kysely<Schema>) =>
    db
      .selectFrom('object')
      .innerJoin('object_state', 'object_state.oid', 'object.oid')
      .select(OBJECT_COLUMNS)
      .where('deleted', '=', 0);
  return {
    epoch: prepare((db) => db.selectFrom('server').select('epoch').where('one', '=', 1)),
    entered: prepare(
      (db, p: Params<{ athleteId: string; kind: string; afterDay: string; toDay: string; limit: number }>) =>
        db
          .selectFrom('object')
          .select(TRAVELLING_COLUMNS)
          .where('athlete_id', '=', p.athleteId)
          .where('kind', '=', p.kind)
          .where('day', '>', p.afterDay)
          .where('day', '<=', p.toDay)
          .where('deleted', '=', 0)
          // The index `object_by_day` read backwards.
          .orderBy('day', (by) => by.asc().nullsFirst())
          .orderBy('id', 'desc')
          .limit(p.limit),
    ),
    holders: prepare(
      (db, p: Params<{ athleteId: string; prefix: string; end: string; after: string; limit: number }>) =>
        db
          .selectFrom('claim_key')
          .select(['claim_key as claimKey', 'kind', 'id'])
          .where('athlete_id', '=', p.athleteId)
          .where('claim_key', '>=', p.prefix)
          .where('claim_key', '<', p.end)
          .where('claim_key', '>', p.after)
          .orderBy('claim_key')
          .limit(p.limit),
    ),
    newest: prepare((db, p: Params<{ athleteId: string; kind: string; limit: number }>) =>
      objects(db)
        .where('athlete_id', '=', p.athleteId)
        .where('kind', '=', p.kind)
        .orderBy('day', (by) => by.desc().nullsLast())
        .orderBy('id')
        .limit(p.limit),
    ),
    newestOfDays: prepare(
      (db, p: Params<{ athleteId: string; kind: string; fromDay: string; toDay: string; limit: number }>) =>
        objects(db)
          .where('athlete_id', '=', p.athleteId)
          .where('kind', '=', p.kind)
          .where('day', '>=', p.fromDay)
          .where('day', '<=', p.toDay)
          .orderBy('day', (by) => by.desc().nullsLast())
          .orderBy('id')
          .limit(p.limit),
    ),
  };
}
