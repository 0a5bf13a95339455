/** Writes objects with their states and the index of their claims, and takes out the ones that were joined away. */
import type { AthleteWrite, ObjectWrite } from '@coach-hub/core';
import { broken } from '../database/broken.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import type { Reading } from './load.ts';
import { objectById, type ReadObject, readObject } from './stored-object.ts';

type StateWrite = NonNullable<AthleteWrite['states']>[number];

export interface ObjectWriter {
  write(reading: Reading, write: AthleteWrite): Flow<void>;
}

export function createObjectWriter(prepare: Prepare): ObjectWriter {
  const byId = objectById(prepare);
  const objects = objectStatements(prepare);
  const claims = claimKeyStatements(prepare);
  const aliases = aliasStatements(prepare);

  function* write(reading: Reading, write: AthleteWrite): Flow<void> {
    const { athleteId } = reading.loaded.athlete;
    for (const { kind, oldId } of write.aliasesRemoved ?? []) {
      yield* aliases.remove.run({ athleteId, kind, oldId });
    }
    for (const alias of write.aliases) {
      const stored = yield* present(reading, alias.kind, alias.oldId);
      if (stored) yield* remove(athleteId, stored);
      yield* aliases.save.run({ athleteId, ...alias });
    }
    for (const object of write.objects) yield* writeObject(reading, object);
    for (const kept of write.states ?? []) yield* writeState(reading, kept);
  }

  /** The view stays as it is, with its rev: only what it was resolved from has grown. */
  function* writeState(reading: Reading, kept: StateWrite): Flow<void> {
    const { athleteId } = reading.loaded.athlete;
    const stored = yield* present(reading, kept.kind, kept.id);
    if (!stored) throw broken(`The state of ${kept.kind}/${kept.id} is written, but there is no such object.`);
    yield* objects.updateState.run({ oid: stored.oid, state: JSON.stringify(kept.state) });
    yield* moveClaims(athleteId, kept, stored.claimKeys());
  }

  function* writeObject(reading: Reading, object: ObjectWrite): Flow<void> {
    const { athleteId } = reading.loaded.athlete;
    const stored = yield* present(reading, object.kind, object.id);
    const state = JSON.stringify(object.state);
    if (stored) {
      yield* update(stored, object);
      yield* objects.updateState.run({ oid: stored.oid, state });
    } else {
      if (yield* aliases.find.get({ athleteId, kind: object.kind, oldId: object.id })) {
        throw broken(`${object.kind}/${object.id} is written as an object while it is an alias.`);
      }
      const { oid } = (yield* objects.insert.get({ athleteId, ...columnsOf(object) }))!;
      yield* objects.insertState.run({ oid, state });
    }
    yield* moveClaims(athleteId, object, stored?.claimKeys() ?? []);
  }

  /** Leaves columns that did not change out of the statement: their indexes then need no write. */
  function* update({ oid, object: before }: ReadObject, object: ObjectWrite): Flow<void> {
    const { rev, createdRev, deleted, data, alt } = columnsOf(object);
    if (before.day === object.day && before.startedAtMs === object.startedAtMs) {
      yield* objects.updateView.run({ oid, rev, createdRev, deleted, data, alt });
    } else {
      yield* objects.update.run({
        oid,
        rev,
        createdRev,
        deleted,
        data,
        alt,
        day: object.day,
        startedAtMs: object.startedAtMs,
      });
    }
  }

  /** A key that another object of this change has taken over is left alone, whichever of the two is written first. */
  function* moveClaims(athleteId: string, { kind, id, state }: StateWrite, before: string[]): Flow<void> {
    for (const claimKey of before) {
      if (!Object.hasOwn(state.claims, claimKey)) yield* claims.remove.run({ athleteId, claimKey, kind, id });
    }
    const held = new Set(before);
    for (const claimKey of Object.keys(state.claims)) {
      if (!held.has(claimKey)) yield* claims.save.run({ athleteId, claimKey, kind, id });
    }
  }

  function* remove(athleteId: string, { oid, object, claimKeys }: ReadObject): Flow<void> {
    const { kind, id } = object;
    for (const claimKey of claimKeys()) yield* claims.remove.run({ athleteId, claimKey, kind, id });
    yield* objects.remove.run({ oid });
    yield* objects.removeState.run({ oid });
  }

  function* present(reading: Reading, kind: string, id: string): Flow<ReadObject | undefined> {
    const known = reading.objects.get(`${kind}/${id}`);
    if (known) return known;
    const row = yield* byId.get({ athleteId: reading.loaded.athlete.athleteId, kind, id });
    return row && readObject(row);
  }

  return { write };
}

function columnsOf(object: ObjectWrite) {
  const { kind, id, rev, createdRev, day, startedAtMs, deleted, data, alt } = object;
  return { kind, id, rev, createdRev, day, startedAtMs, deleted: deleted ? 1 : 0, data, alt };
}

type ViewColumns = { rev: number; createdRev: number; deleted: number; data: string; alt: string | null };
type TimeColumns = { day: string | null; startedAtMs: number | null };

function objectStatements(prepare: Prepare) {
  const view = (p: Params<ViewColumns>) => ({
    rev: p.rev,
    created_rev: p.createdRev,
    deleted: p.deleted,
    data: p.data,
    alt: p.alt,
  });
  const times = (p: Params<TimeColumns>) => ({ day: p.day, started_at_ms: p.startedAtMs });
  return {
    insert: prepare((db, p: Params<ViewColumns & TimeColumns & { athleteId: string; kind: string; id: string }>) =>
      db
        .insertInto('object')
        .values({ athlete_id: p.athleteId, kind: p.kind, id: p.id, ...view(p), ...times(p) })
        .returning('oid'),
    ),
    insertState: prepare((db, p: Params<{ oid: number; state: string }>) =>
      db.insertInto('object_state').values({ oid: p.oid, state: p.state }),
    ),
    update: prepare((db, p: Params<ViewColumns & TimeColumns & { oid: number }>) =>
      db
        .updateTable('object')
        .set({ ...view(p), ...times(p) })
        .where('oid', '=', p.oid),
    ),
    updateView: prepare((db, p: Params<ViewColumns & { oid: number }>) =>
      db.updateTable('object').set(view(p)).where('oid', '=', p.oid),
    ),
    updateState: prepare((db, p: Params<{ oid: number; state: string }>) =>
      db.updateTable('object_state').set({ state: p.state }).where('oid', '=', p.oid),
    ),
    remove: prepare((db, p: Params<{ oid: number }>) => db.deleteFrom('object').where('oid', '=', p.oid)),
    removeState: prepare((db, p: Params<{ oid: number }>) => db.deleteFrom('object_state').where('oid', '=', p.oid)),
  };
}

function claimKeyStatements(prepare: Prepare) {
  type ClaimKey = { athleteId: string; claimKey: string; kind: string; id: string };
  return {
    save: prepare((db, p: Params<ClaimKey>) =>
      db
        .insertInto('claim_key')
        .values({ athlete_id: p.athleteId, claim_key: p.claimKey, kind: p.kind, id: p.id })
        .onConflict((on) => on.columns(['athlete_id', 'claim_key']).doUpdateSet({ kind: p.kind, id: p.id })),
    ),
    remove: prepare((db, p: Params<ClaimKey>) =>
      db
        .deleteFrom('claim_key')
        .where('athlete_id', '=', p.athleteId)
        .where('claim_key', '=', p.claimKey)
        .where('kind', '=', p.kind)
        .where('id', '=', p.id),
    ),
  };
}

function aliasStatements(prepare: Prepare) {
  type AliasKey = { athleteId: string; kind: string; oldId: string };
  return {
    find: prepare((db, p: Params<AliasKey>) =>
      db
        .selectFrom('alias')
        .select('rev')
        .where('athlete_id', '=', p.athleteId)
        .where('kind', '=', p.kind)
        .where('old_id', '=', p.oldId),
    ),
    save: prepare((db, p: Params<AliasKey & { objectId: string; rev: number }>) =>
      db
        .insertInto('alias')
        .values({ athlete_id: p.athleteId, kind: p.kind, old_id: p.oldId, object_id: p.objectId, rev: p.rev })
        .onConflict((on) =>
          on.columns(['athlete_id', 'kind', 'old_id']).doUpdateSet({ object_id: p.objectId, rev: p.rev }),
        ),
    ),
    remove: prepare((db, p: Params<AliasKey>) =>
      db
        .deleteFrom('alias')
        .where('athlete_id', '=', p.athleteId)
        .where('kind', '=', p.kind)
        .where('old_id', '=', p.oldId),
    ),
  };
}
