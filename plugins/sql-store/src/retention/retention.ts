/** What may go once its time is over. Removal is in small transactions: live traffic waits for none of it. */
import { PRUNABLE_ROWS, type PrunableRows, type RetentionStore } from '@coach-hub/core';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare } from '../database/statement.ts';
import { hasBytes } from '../inbox/envelope-rows.ts';
import { rowStatements } from './prunable-rows.ts';

export interface RetentionDeps {
  database: Database;
}

type Rows = ReturnType<typeof rowStatements>;

export function createRetention({ database }: RetentionDeps): Omit<RetentionStore, 'diskUse'> {
  const { prepare } = database;
  const classes = everyClass(prepare);
  const envelopes = envelopeStatements(prepare);
  const athletes = prepare((db, p: Params<{ after: string; limit: number }>) =>
    db
      .selectFrom('athlete')
      .select('athlete_id as athleteId')
      .where('athlete_id', '>', p.after)
      .orderBy('athlete_id')
      .limit(p.limit),
  );

  return {
    envelopeStreams() {
      return database.read(envelopes.streams.all({}));
    },
    async dropEnvelopeBytes(which, limit) {
      const ids = await database.read(envelopes.old.all({ ...which, limit }));
      if (ids.length === 0) return 0;
      return database.write(() => sumOf(ids, ({ id }) => envelopes.empty.run({ id })));
    },
    async oldEnvelopes(which) {
      const { count, bytes } = (await database.read(envelopes.oldCount.get({ ...which })))!;
      return { count, bytes: bytes ?? 0 };
    },
    async pruneRows(rows, beforeMs, limit) {
      const { find, remove } = classes[rows];
      const keys = await database.read(find.all({ beforeMs, limit }));
      if (keys.length === 0) return 0;
      return database.write(() => sumOf(keys, (key) => remove.run({ ...key, beforeMs })));
    },
    async prunableRows(rows, beforeMs) {
      return (await database.read(classes[rows].count.get({ beforeMs })))!.rows;
    },
    async athleteIds(after, limit) {
      return (await database.read(athletes.all({ after, limit }))).map(({ athleteId }) => athleteId);
    },
  };
}

function* sumOf<T>(items: readonly T[], changesOf: (item: T) => Flow<number>): Flow<number> {
  let sum = 0;
  for (const item of items) sum += yield* changesOf(item);
  return sum;
}

function everyClass(prepare: Prepare): { [R in PrunableRows]: Rows } {
  const classes = PRUNABLE_ROWS.map((rows) => [rows, rowStatements(prepare, rows)] as const);
  return Object.fromEntries(classes) as { [R in PrunableRows]: Rows };
}

function envelopeStatements(prepare: Prepare) {
  type Which = { plugin: string; stream: string; beforeMs: number };
  const isSettled = () =>
    sql<boolean>`(state = 'done' or (state = 'dead' and not exists (
      select 1 from dead_letter where dead_letter.envelope_id = envelope.id and replayed_at_ms is null)))`;
  const old = (db: Kysely<Schema>, p: Params<Which>) =>
    db
      .selectFrom('envelope')
      .where(hasBytes())
      .where('plugin', '=', p.plugin)
      .where('stream', '=', p.stream)
      .where('received_at_ms', '<', p.beforeMs)
      .where(isSettled());
  return {
    streams: prepare((db) => db.selectFrom('envelope').select(['plugin', 'stream']).where(hasBytes()).distinct()),
    old: prepare((db, p: Params<Which & { limit: number }>) => old(db, p).select('id').limit(p.limit)),
    oldCount: prepare((db, p: Params<Which>) =>
      old(db, p).select((q) => [q.fn.countAll<number>().as('count'), q.fn.sum<number | null>('bytes').as('bytes')]),
    ),
    empty: prepare((db, p: Params<{ id: number }>) =>
      db.updateTable('envelope').set({ body: null, blob_sha256: null }).where('id', '=', p.id).where(isSettled()),
    ),
  };
}
