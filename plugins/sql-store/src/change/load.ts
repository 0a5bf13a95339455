/** Reads what a decision asks for, inside the transaction of its change. */
import type { Kind, Loaded, LoadRequest, MutationResult } from '@coach-hub/core';
import type { Kysely } from 'kysely';
import { broken } from '../database/broken.ts';
import type { Flow } from '../database/flow.ts';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { aliasTarget } from './alias-target.ts';
import { ATHLETE_COLUMNS, athleteOf } from './athlete-row.ts';
import { clientStatements } from './client-row.ts';
import { OBJECT_COLUMNS, objectById, type ReadObject, readObject } from './stored-object.ts';

/** What one change has read: the decision's view of it, and what writing needs to know beside. */
export interface Reading {
  loaded: Loaded;
  /** Every object read, keyed `kind/id`. */
  objects: Map<string, ReadObject>;
}

export interface Loader {
  /** Reads the athlete; null when there is no such athlete. */
  begin(athleteId: string): Flow<Reading | null>;
  /** Adds what the request names. Objects read before are the same instances. */
  load(reading: Reading, request: LoadRequest): Flow<void>;
}

export function createLoader(prepare: Prepare): Loader {
  const read = loadStatements(prepare);
  const byId = objectById(prepare);
  const follow = aliasTarget(prepare);
  const clients = clientStatements(prepare);

  function* begin(athleteId: string): Flow<Reading | null> {
    const row = yield* read.athlete.get({ athleteId });
    if (!row) return null;
    const { knownRev, serverEpoch, ...athlete } = row;
    const loaded: Loaded = {
      athlete: athleteOf(athlete),
      serverEpoch: serverEpoch ?? '',
      objects: new Map(),
      aliases: new Map(),
      mutations: new Map(),
      midBySeq: new Map(),
      client: null,
      knownRev: knownRev ?? 0,
      connections: new Map(),
      envelopes: new Set(),
    };
    return { loaded, objects: new Map() };
  }

  function* load(reading: Reading, request: LoadRequest): Flow<void> {
    const { athleteId } = reading.loaded.athlete;
    for (const { kind, id } of request.ids ?? []) yield* loadId(reading, kind, id);
    for (const claimKey of request.claimKeys ?? []) {
      const holder = yield* read.claimKey.get({ athleteId, claimKey });
      if (holder) yield* loadPresent(reading, holder.kind, holder.id);
    }
    for (const span of request.spans ?? []) {
      for (const row of yield* read.span.all({ athleteId, ...span })) keep(reading, readObject(row));
    }
    for (const { kind, days } of request.days ?? []) {
      for (const day of days) {
        for (const row of yield* read.day.all({ athleteId, kind, day })) keep(reading, readObject(row));
      }
    }
    for (const { kind, fromDay } of request.onward ?? []) {
      for (const row of yield* read.onward.all({ athleteId, kind, fromDay })) keep(reading, readObject(row));
    }
    for (const mid of request.mids ?? []) yield* loadMutation(reading.loaded, mid);
    if (request.client) yield* loadClient(reading.loaded, request.client);
    for (const connectionId of request.connectionIds ?? []) {
      const found = yield* read.connection.get({ athleteId, connectionId });
      if (found) reading.loaded.connections.set(connectionId, found);
    }
    for (const id of request.envelopeIds ?? []) {
      if (yield* read.envelope.get({ athleteId, id })) reading.loaded.envelopes.add(id);
    }
  }

  function* loadId(reading: Reading, kind: Kind, id: string): Flow<void> {
    if (yield* loadPresent(reading, kind, id)) return;
    const target = yield* follow(reading.loaded.athlete.athleteId, kind, id);
    if (target === undefined) return;
    reading.loaded.aliases.set(`${kind}/${id}`, target);
    yield* loadPresent(reading, kind, target);
  }

  function* loadPresent(reading: Reading, kind: string, id: string): Flow<boolean> {
    if (reading.objects.has(`${kind}/${id}`)) return true;
    const row = yield* byId.get({ athleteId: reading.loaded.athlete.athleteId, kind, id });
    if (row) keep(reading, readObject(row));
    return row !== undefined;
  }

  function* loadMutation(loaded: Loaded, mid: string): Flow<void> {
    const row = yield* read.mutation.get({ athleteId: loaded.athlete.athleteId, mid });
    if (row) loaded.mutations.set(mid, { ...row, result: JSON.parse(row.result) as MutationResult });
  }

  function* loadClient(loaded: Loaded, { clientId, seqs }: NonNullable<LoadRequest['client']>): Flow<void> {
    if (loaded.client && loaded.client.clientId !== clientId) throw broken('A change asked for two clients.');
    loaded.client = (yield* clients.byId.get({ clientId })) ?? null;
    for (const seq of seqs) {
      const row = yield* read.midOfSeq.get({ clientId, seq });
      if (row) loaded.midBySeq.set(seq, row.mid);
    }
  }

  return { begin, load };
}

/** An object that was read before stays: a decision may hold on to it. */
function keep(reading: Reading, read: ReadObject): void {
  const key = `${read.object.kind}/${read.object.id}`;
  if (reading.objects.has(key)) return;
  reading.objects.set(key, read);
  reading.loaded.objects.set(key, read.object);
}

/** Exported for the test that looks at their query plans. */
export function loadStatements(prepare: Prepare) {
  const objects = (db: Kysely<Schema>) =>
    db.selectFrom('object').innerJoin('object_state', 'object_state.oid', 'object.oid').select(OBJECT_COLUMNS);
  return {
    /** From here to the commit nobody else changes this athlete's objects. */
    athlete: prepare((db, p: Params<{ athleteId: string }>, { lockRows }) =>
      db
        .selectFrom('athlete')
        .select(ATHLETE_COLUMNS)
        .select((q) => [
          q.selectFrom('server').select('epoch').where('one', '=', 1).as('serverEpoch'),
          q
            .selectFrom('client')
            .select((client) => client.fn.max('served_rev').as('served'))
            .where('client.athlete_id', '=', p.athleteId)
            .as('knownRev'),
        ])
        .where('athlete_id', '=', p.athleteId)
        .modifyEnd(lockRows),
    ),
    claimKey: prepare((db, p: Params<{ athleteId: string; claimKey: string }>) =>
      db
        .selectFrom('claim_key')
        .select(['kind', 'id'])
        .where('athlete_id', '=', p.athleteId)
        .where('claim_key', '=', p.claimKey),
    ),
    span: prepare((db, p: Params<{ athleteId: string; kind: string; fromMs: number; toMs: number }>) =>
      objects(db)
        .where('athlete_id', '=', p.athleteId)
        .where('kind', '=', p.kind)
        .where('started_at_ms', '>=', p.fromMs)
        .where('started_at_ms', '<=', p.toMs),
    ),
    day: prepare((db, p: Params<{ athleteId: string; kind: string; day: string }>) =>
      objects(db).where('athlete_id', '=', p.athleteId).where('kind', '=', p.kind).where('day', '=', p.day),
    ),
    onward: prepare((db, p: Params<{ athleteId: string; kind: string; fromDay: string }>) =>
      objects(db).where('athlete_id', '=', p.athleteId).where('kind', '=', p.kind).where('day', '>=', p.fromDay),
    ),
    mutation: prepare((db, p: Params<{ athleteId: string; mid: string }>) =>
      db
        .selectFrom('mutation')
        .select(['mid', 'client_id as clientId', 'seq', 'body_sha256 as bodySha256', 'result'])
        .where('athlete_id', '=', p.athleteId)
        .where('mid', '=', p.mid),
    ),
    midOfSeq: prepare((db, p: Params<{ clientId: string; seq: number }>) =>
      db.selectFrom('mutation').select('mid').where('client_id', '=', p.clientId).where('seq', '=', p.seq),
    ),
    envelope: prepare((db, p: Params<{ athleteId: string; id: number }>) =>
      db.selectFrom('envelope').select('id').where('id', '=', p.id).where('athlete_id', '=', p.athleteId),
    ),
    connection: prepare((db, p: Params<{ athleteId: string; connectionId: string }>, { keepRows }) =>
      db
        .selectFrom('connection')
        .select(['generation', 'state'])
        .where('connection_id', '=', p.connectionId)
        .where('athlete_id', '=', p.athleteId)
        .modifyEnd(keepRows),
    ),
  };
}
