/** Writes what a delivery was split into, in the transaction that drops it. */
import { HubError, type NewDelivery, type NewEnvelope, type NewNotice, type SplitWrite } from '@coach-hub/core';
import { auditColumns, auditWrite } from '../connections/audit-rows.ts';
import type { Effects } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import type { JobInserter } from '../queue/insert-jobs.ts';
import { deadLetterStatements, letterColumns } from './dead-letter-rows.ts';
import { deliveryColumns, deliveryStatements } from './delivery-rows.ts';
import { envelopeColumns, envelopeStatements, statementOf } from './envelope-rows.ts';

/** Receipt number = delivery (the first, where it was repeated) × 2²⁰ + place: fixed for ever, whenever and however often the split runs. */
const MAX_PLACES = 2 ** 20;

export const UNKNOWN_IDENTITIES = 'unknown_identities';

export interface Splitter {
  split(write: SplitWrite, effects: Effects): Flow<{ envelopeIds: number[]; duplicates: number }>;
  /** Whether the authorisation something came under has ended: who erases it may have looked already. */
  isOver(from: { connectionId: string | null; generation?: number | undefined }): Flow<boolean>;
  import(delivery: NewDelivery, envelope: NewEnvelope): Flow<Imported>;
}

interface Imported {
  envelopeId: number;
  receipt: number;
  duplicate: boolean;
}

export function createSplitter(prepare: Prepare, insertJobs: JobInserter): Splitter {
  const deliveries = deliveryStatements(prepare);
  const envelopes = envelopeStatements(prepare);
  const letters = deadLetterStatements(prepare);
  const insertAudit = auditWrite(prepare);
  const { insertNotice, count, generationOf } = splitStatements(prepare);

  function* split(write: SplitWrite, effects: Effects) {
    const repeated = yield* deliveries.repeated.get({ id: write.deliveryId });
    const first = (repeated?.repeatsId ?? write.deliveryId) * MAX_PLACES + (repeated?.repeatsPlace ?? 0);
    // Gone means split before: by another process, or by a run whose answer was lost.
    if ((yield* deliveries.remove.run({ id: write.deliveryId })) === 0) return { envelopeIds: [], duplicates: 0 };
    if (write.envelopes.some(({ place }, at) => (place ?? at) >= MAX_PLACES)) throw tooManyItems(write.deliveryId);
    const envelopeIds: number[] = [];
    for (const [at, envelope] of write.envelopes.entries()) {
      if (yield* isOver(envelope)) continue;
      const stored = yield* envelopes.insert.get(envelopeColumns(envelope, first + (envelope.place ?? at)));
      if (stored) envelopeIds.push(stored.id);
    }
    for (const notice of write.notices) if (!(yield* isOver(notice))) yield* storeNotice(notice, effects);
    for (const letter of write.deadLetters) {
      if (!(yield* isOver(letter))) yield* letters.insert.get(letterColumns(letter));
    }
    if (write.unknownIdentities > 0) yield* count.run({ name: UNKNOWN_IDENTITIES, value: write.unknownIdentities });
    return { envelopeIds, duplicates: write.envelopes.length - envelopeIds.length };
  }

  function* isOver({ connectionId, generation }: Parameters<Splitter['isOver']>[0]) {
    if (connectionId === null || generation === undefined) return false;
    const present = yield* generationOf.get({ connectionId });
    return present !== undefined && present.generation !== generation;
  }

  function* storeNotice({ outcome, ...notice }: NewNotice, effects: Effects): Flow<void> {
    if ((yield* insertNotice.run(notice)) === 0) return;
    if ('job' in outcome) {
      yield* insertJobs([outcome.job], effects);
      return;
    }
    yield* letters.insert.get(letterColumns(outcome.letter));
    yield* insertAudit.run(auditColumns(outcome.audit));
  }

  function* importOne(delivery: NewDelivery, envelope: NewEnvelope): Flow<Imported> {
    const known = yield* envelopes.same.get(statementOf(envelope));
    if (known) return { envelopeId: known.id, receipt: known.receipt, duplicate: true };
    // Stored and dropped at once: only the number is wanted, in the one order of receipt.
    const numbered = (yield* deliveries.insert.get(deliveryColumns({ ...delivery, body: null })))!;
    yield* deliveries.remove.run(numbered);
    const receipt = numbered.id * MAX_PLACES;
    const stored = yield* envelopes.insert.get(envelopeColumns(envelope, receipt));
    // Somebody else has stored the same between the look and the insert.
    if (!stored) return yield* importOne(delivery, envelope);
    return { envelopeId: stored.id, receipt, duplicate: false };
  }

  return { split, isOver, import: importOne };
}

function tooManyItems(deliveryId: number): HubError {
  return new HubError('payload_too_large', {
    what: `Delivery ${deliveryId} was split into more than a million items.`,
    why: 'The place of an item in its delivery is part of its receipt number, which has room for 2^20.',
    fix: 'Ask the provider for smaller pages.',
  });
}

function splitStatements(prepare: Prepare) {
  return {
    /** Who ends the authorisation waits until this is committed, and then erases it. */
    generationOf: prepare((db, p: Params<{ connectionId: string }>, { keepRows }) =>
      db.selectFrom('connection').select('generation').where('connection_id', '=', p.connectionId).modifyEnd(keepRows),
    ),
    /** Changes nothing when the same notice was stored before: the same ping fetches once. */
    insertNotice: prepare(
      (
        db,
        p: Params<{
          plugin: string;
          connectionId: string;
          generation: number;
          sha256: string;
          athleteId: string;
          receivedAtMs: number;
        }>,
      ) =>
        db
          .insertInto('notice')
          .values({
            plugin: p.plugin,
            connection_id: p.connectionId,
            generation: p.generation,
            sha256: p.sha256,
            athlete_id: p.athleteId,
            received_at_ms: p.receivedAtMs,
          })
          .onConflict((on) => on.doNothing()),
    ),
    count: prepare((db, p: Params<{ name: string; value: number }>) =>
      db
        .insertInto('counter')
        .values({ name: p.name, value: p.value })
        .onConflict((on) =>
          on.column('name').doUpdateSet((q) => ({ value: q('counter.value', '+', q.ref('excluded.value')) })),
        ),
    ),
  };
}
