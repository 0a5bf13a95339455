/** Deliveries, envelopes and dead letters: what came in, in the order it was received. */
import type { InboxStore } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Params, Prepare } from '../database/statement.ts';
import type { Writer } from '../database/writer.ts';
import type { JobInserter } from '../queue/insert-jobs.ts';
import { deadLetterOf, deadLetterStatements, filterColumns, letterColumns } from './dead-letter-rows.ts';
import { deliveryColumns, deliveryOf, deliveryStatements } from './delivery-rows.ts';
import { envelopeOf, envelopeStatements, statementOf } from './envelope-rows.ts';
import { createReadAnew } from './read-anew.ts';
import { createSplitter, UNKNOWN_IDENTITIES } from './split.ts';

export interface InboxDeps {
  writer: Writer;
  prepareRead: Prepare;
  prepareWrite: Prepare;
  insertJobs: JobInserter;
}

export function createInbox({ writer, prepareRead, prepareWrite, insertJobs }: InboxDeps): InboxStore {
  const splitter = createSplitter(prepareWrite, insertJobs);
  const read = {
    deliveries: deliveryStatements(prepareRead),
    envelopes: envelopeStatements(prepareRead),
    letters: deadLetterStatements(prepareRead),
    ...countStatements(prepareRead),
  };
  const save = {
    deliveries: deliveryStatements(prepareWrite),
    envelopes: envelopeStatements(prepareWrite),
    letters: deadLetterStatements(prepareWrite),
    eraseNotices: noticeErasure(prepareWrite),
  };

  return {
    storeDelivery(delivery) {
      return writer.write(() => Number(save.deliveries.insert.run(deliveryColumns(delivery)).lastInsertRowid));
    },
    async nextDeliveries(limit) {
      return read.deliveries.oldest.all({ limit }).map(deliveryOf);
    },
    splitDelivery(write) {
      return writer.write((effects) => splitter.split(write, effects));
    },
    storeImport(delivery, envelope) {
      return writer.write(() => splitter.import(delivery, envelope));
    },
    async sameEnvelope(statement) {
      const known = read.envelopes.same.get(statementOf(statement));
      const row = known && read.envelopes.byId.get({ id: known.id });
      return row ? envelopeOf(row) : null;
    },

    async nextEnvelopes(limit) {
      return read.envelopes.oldestNew.all({ limit }).map(envelopeOf);
    },
    async envelope(id) {
      const row = read.envelopes.byId.get({ id });
      return row ? envelopeOf(row) : null;
    },
    /** Of an envelope that is gone (erased) or dead already no letter is kept. */
    failEnvelope(id, letter) {
      return writer.write(() => {
        if (save.envelopes.kill.run({ id }).changes > 0) save.letters.insert.run(letterColumns(letter));
      });
    },
    reopenEnvelope(id) {
      return writer.write(() => save.envelopes.reopen.run({ id }).changes > 0);
    },

    storeDeadLetter(letter) {
      return writer.write(() =>
        splitter.isOver(letter) ? null : Number(save.letters.insert.run(letterColumns(letter)).lastInsertRowid),
      );
    },
    async deadLetters({ beforeId = null, limit, ...filter }) {
      return read.letters.newest.all({ ...filterColumns(filter), beforeId: beforeId ?? null, limit }).map(deadLetterOf);
    },
    async unreplayedLetters({ afterId, limit, ...filter }) {
      return read.letters.unreplayed.all({ ...filterColumns(filter), afterId, limit }).map(deadLetterOf);
    },
    async countLetters(filter) {
      return read.letters.count.get(filterColumns(filter))!;
    },
    removeLetters(ids) {
      return writer.write(() => {
        for (const id of ids) save.letters.remove.run({ id });
      });
    },
    async deadLetter(id) {
      const row = read.letters.byId.get({ id });
      return row ? deadLetterOf(row) : null;
    },
    markReplayed(id, atMs) {
      return writer.write(() => {
        save.letters.markReplayed.run({ id, atMs });
      });
    },

    async inboxBlobs() {
      return new Set(read.inboxBlobs.all({}).flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256])));
    },
    async envelopeBlobs(athleteId) {
      return hashesIn(read.envelopes.hashes.all({ athleteId }));
    },
    async connectionBlobs(connectionId, beforeGeneration) {
      return hashesIn(read.envelopes.hashesOfConnection.all({ connectionId, beforeGeneration }));
    },
    ...createReadAnew(prepareRead),
    eraseInbox(connectionId, beforeGeneration) {
      return writer.write(() => {
        save.envelopes.erase.run({ connectionId, beforeGeneration });
        save.eraseNotices.run({ connectionId, beforeGeneration });
        save.letters.erase.run({ connectionId });
      });
    },

    inboxLength: async () => read.deliveryCount.get({})!.rows + read.newCount.get({})!.rows,

    async inboxCounts() {
      return {
        deliveries: read.deliveryCount.get({})!.rows,
        envelopesNew: read.newCount.get({})!.rows,
        envelopesDead: read.deadCount.get({})!.rows,
        deadLetters: read.letterCount.get({})!.rows,
        unknownIdentities: read.counter.get({ name: UNKNOWN_IDENTITIES })?.value ?? 0,
      };
    },
  };
}

function hashesIn(rows: { sha256: string; blobSha256: string | null }[]): Set<string> {
  return new Set(rows.flatMap(({ sha256, blobSha256 }) => (blobSha256 === null ? [sha256] : [sha256, blobSha256])));
}

function noticeErasure(prepare: Prepare) {
  return prepare((db, p: Params<{ connectionId: string; beforeGeneration: number }>) =>
    db.deleteFrom('notice').where('connection_id', '=', p.connectionId).where('generation', '<', p.beforeGeneration),
  );
}

/** Exported for the test that looks at their query plans. */
export function countStatements(prepare: Prepare) {
  return {
    inboxBlobs: prepare((db) =>
      db
        .selectFrom('delivery')
        .select('blob_sha256 as sha256')
        .where('blob_sha256', 'is not', null)
        .union((q) => q.selectFrom('dead_letter').select('blob_sha256 as sha256').where('blob_sha256', 'is not', null)),
    ),
    deliveryCount: prepare((db) => db.selectFrom('delivery').select((q) => q.fn.countAll<number>().as('rows'))),
    newCount: prepare((db) =>
      db
        .selectFrom('envelope')
        .select((q) => q.fn.countAll<number>().as('rows'))
        .where('state', '=', sql.lit('new')),
    ),
    deadCount: prepare((db) =>
      db
        .selectFrom('envelope')
        .select((q) => q.fn.countAll<number>().as('rows'))
        .where('state', '=', sql.lit('dead')),
    ),
    /** Those nobody has replayed yet. */
    letterCount: prepare((db) =>
      db
        .selectFrom('dead_letter')
        .select((q) => q.fn.countAll<number>().as('rows'))
        .where('replayed_at_ms', 'is', null),
    ),
    counter: prepare((db, p: Params<{ name: string }>) =>
      db.selectFrom('counter').select('value').where('name', '=', p.name),
    ),
  };
}
