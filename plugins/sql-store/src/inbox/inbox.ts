/** Deliveries, envelopes and dead letters: what came in, in the order it was received. */
import type { InboxStore } from '@coach-hub/core';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Params, Prepare } from '../database/statement.ts';
import type { JobInserter } from '../queue/insert-jobs.ts';
import { deadLetterOf, deadLetterStatements, filterColumns, letterColumns } from './dead-letter-rows.ts';
import { deliveryColumns, deliveryOf, deliveryStatements } from './delivery-rows.ts';
import { envelopeOf, envelopeStatements, statementOf } from './envelope-rows.ts';
import { createReadAnew } from './read-anew.ts';
import { createSplitter, UNKNOWN_IDENTITIES } from './split.ts';

/** The lane of what takes a receipt number: the numbers are the order of receipt. */
const RECEIPT = 'receipt';

export interface InboxDeps {
  database: Database;
  insertJobs: JobInserter;
}

export function createInbox({ database, insertJobs }: InboxDeps): InboxStore {
  const { prepare } = database;
  const splitter = createSplitter(prepare, insertJobs);
  const deliveries = deliveryStatements(prepare);
  const envelopes = envelopeStatements(prepare);
  const letters = deadLetterStatements(prepare);
  const counts = countStatements(prepare);
  const eraseNotices = noticeErasure(prepare);

  /** Of a count: it always has a row. */
  async function rowsOf(count: (typeof counts)['newCount']): Promise<number> {
    return (await database.read(count.get({})))!.rows;
  }

  function* sameEnvelope(statement: ReturnType<typeof statementOf>) {
    const known = yield* envelopes.same.get(statement);
    return known && (yield* envelopes.byId.get({ id: known.id }));
  }

  return {
    storeDelivery(delivery) {
      return database.write(function* () {
        return (yield* deliveries.insert.get(deliveryColumns(delivery)))!.id;
      }, RECEIPT);
    },
    async nextDeliveries(limit) {
      return (await database.read(deliveries.oldest.all({ limit }))).map(deliveryOf);
    },
    splitDelivery(write) {
      return database.write((effects) => splitter.split(write, effects));
    },
    storeImport(delivery, envelope) {
      return database.write(() => splitter.import(delivery, envelope), RECEIPT);
    },
    async sameEnvelope(statement) {
      const row = await database.snapshot(sameEnvelope(statementOf(statement)));
      return row ? envelopeOf(row) : null;
    },

    async nextEnvelopes(limit) {
      return (await database.read(envelopes.oldestNew.all({ limit }))).map(envelopeOf);
    },
    async envelope(id) {
      const row = await database.read(envelopes.byId.get({ id }));
      return row ? envelopeOf(row) : null;
    },
    /** Of an envelope that is gone (erased) or dead already no letter is kept. */
    failEnvelope(id, letter) {
      return database.write(function* () {
        if ((yield* envelopes.kill.run({ id })) > 0) yield* letters.insert.get(letterColumns(letter));
      });
    },
    reopenEnvelope(id) {
      return database.write(function* () {
        return (yield* envelopes.reopen.run({ id })) > 0;
      });
    },

    storeDeadLetter(letter) {
      return database.write(function* () {
        if (yield* splitter.isOver(letter)) return null;
        return (yield* letters.insert.get(letterColumns(letter)))!.id;
      });
    },
    async deadLetters({ beforeId = null, limit, ...filter }) {
      const page = { ...filterColumns(filter), beforeId: beforeId ?? null, limit };
      return (await database.read(letters.newest.all(page))).map(deadLetterOf);
    },
    async unreplayedLetters({ afterId, limit, ...filter }) {
      const page = { ...filterColumns(filter), afterId, limit };
      return (await database.read(letters.unreplayed.all(page))).map(deadLetterOf);
    },
    async countLetters(filter) {
      return (await database.read(letters.count.get(filterColumns(filter))))!;
    },
    removeLetters(ids) {
      return database.write(function* () {
        for (const id of ids) yield* letters.remove.run({ id });
      });
    },
    async deadLetter(id) {
      const row = await database.read(letters.byId.get({ id }));
      return row ? deadLetterOf(row) : null;
    },
    async markReplayed(id, atMs) {
      await database.write(() => letters.markReplayed.run({ id, atMs }));
    },

    async inboxBlobs() {
      const rows = await database.read(counts.inboxBlobs.all({}));
      return new Set(rows.flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256])));
    },
    async envelopeBlobs(athleteId) {
      return hashesIn(await database.read(envelopes.hashes.all({ athleteId })));
    },
    async connectionBlobs(connectionId, beforeGeneration) {
      return hashesIn(await database.read(envelopes.hashesOfConnection.all({ connectionId, beforeGeneration })));
    },
    ...createReadAnew(database),
    eraseInbox(connectionId, beforeGeneration) {
      return database.write(function* () {
        yield* envelopes.erase.run({ connectionId, beforeGeneration });
        yield* eraseNotices.run({ connectionId, beforeGeneration });
        yield* letters.erase.run({ connectionId });
      });
    },

    async inboxLength() {
      return (await rowsOf(counts.deliveryCount)) + (await rowsOf(counts.newCount));
    },

    async inboxCounts() {
      return {
        deliveries: await rowsOf(counts.deliveryCount),
        envelopesNew: await rowsOf(counts.newCount),
        envelopesDead: await rowsOf(counts.deadCount),
        deadLetters: await rowsOf(counts.letterCount),
        unknownIdentities: (await database.read(counts.counter.get({ name: UNKNOWN_IDENTITIES })))?.value ?? 0,
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
