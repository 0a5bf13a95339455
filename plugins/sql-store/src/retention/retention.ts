/** What may go once its time is over. Removal is in small transactions: live traffic waits for none of it. */
import { PRUNABLE_ROWS, type PrunableRows, type RetentionStore } from '@coach-hub/core';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { BlobFiles } from '../blobs/blob-files.ts';
import type { Schema } from '../database/schema.ts';
import type { Params, Prepare, Sqlite } from '../database/statement.ts';
import type { Writer } from '../database/writer.ts';
import { hasBytes } from '../inbox/envelope-rows.ts';
import { createDiskUse } from './disk-use.ts';
import { rowStatements } from './prunable-rows.ts';

export interface RetentionDeps {
  writer: Writer;
  reading: Sqlite;
  database: string;
  files: BlobFiles;
  prepareRead: Prepare;
  prepareWrite: Prepare;
}

type Rows = ReturnType<typeof rowStatements>;

export function createRetention(deps: RetentionDeps): RetentionStore {
  const { writer, prepareRead, prepareWrite } = deps;
  const find = everyClass(prepareRead);
  const save = everyClass(prepareWrite);
  const read = envelopeStatements(prepareRead);
  const { empty } = envelopeStatements(prepareWrite);
  const athletes = prepareRead((db, p: Params<{ after: string; limit: number }>) =>
    db
      .selectFrom('athlete')
      .select('athlete_id as athleteId')
      .where('athlete_id', '>', p.after)
      .orderBy('athlete_id')
      .limit(p.limit),
  );

  return {
    async envelopeStreams() {
      return read.streams.all({});
    },
    dropEnvelopeBytes(which, limit) {
      const ids = read.old.all({ ...which, limit });
      if (ids.length === 0) return Promise.resolve(0);
      return writer.write(() => ids.reduce((dropped, { id }) => dropped + empty.run({ id }).changes, 0));
    },
    async oldEnvelopes(which) {
      const { count, bytes } = read.oldCount.get({ ...which })!;
      return { count, bytes: bytes ?? 0 };
    },
    pruneRows(rows, beforeMs, limit) {
      const keys = find[rows].find.all({ beforeMs, limit });
      if (keys.length === 0) return Promise.resolve(0);
      const { remove } = save[rows];
      return writer.write(() => keys.reduce((removed, key) => removed + remove.run({ ...key, beforeMs }).changes, 0));
    },
    async prunableRows(rows, beforeMs) {
      return find[rows].count.get({ beforeMs })!.rows;
    },
    async athleteIds(after, limit) {
      return athletes.all({ after, limit }).map(({ athleteId }) => athleteId);
    },
    diskUse: createDiskUse(deps),
  };
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
