/** Writes what a delivery was split into, in the transaction that drops it. */
import { HubError, type NewDelivery, type NewEnvelope, type NewNotice, type SplitWrite } from '@coach-hub/core';
import { auditColumns, auditWrite } from '../connections/audit-rows.ts';
import type { Params, Prepare } from '../database/statement.ts';
import type { Effects } from '../database/writer.ts';
import type { JobInserter } from '../queue/insert-jobs.ts';
import { deadLetterStatements, letterColumns } from './dead-letter-rows.ts';
import { deliveryColumns, deliveryStatements } from './delivery-rows.ts';
import { envelopeColumns, envelopeStatements, statementOf } from './envelope-rows.ts';

/** Receipt number = delivery (the first, where it was repeated) × 2²⁰ + place: fixed for ever, whenever and however often the split runs. */
const MAX_PLACES = 2 ** 20;

const NOT_STORED = { changes: 0, lastInsertRowid: 0 };

export const UNKNOWN_IDENTITIES = 'unknown_identities';

export interface Splitter {
  split(write: SplitWrite, effects: Effects): { envelopeIds: number[]; duplicates: number };
  /** Whether the authorisation something came under has ended: who erases it may have looked already. */
  isOver(from: { connectionId: string | null; generation?: number | undefined }): boolean;
  import(delivery: NewDelivery, envelope: NewEnvelope): { envelopeId: number; receipt: number; duplicate: boolean };
}

export function createSplitter(prepare: Prepare, insertJobs: JobInserter): Splitter {
  const deliveries = deliveryStatements(prepare);
  const envelopes = envelopeStatements(prepare);
  const letters = deadLetterStatements(prepare);
  const insertAudit = auditWrite(prepare);
  const { insertNotice, count, generationOf } = splitStatements(prepare);

  function split(write: SplitWrite, effects: Effects) {
    const repeated = deliveries.repeated.get({ id: write.deliveryId });
    const first = (repeated?.repeatsId ?? write.deliveryId) * MAX_PLACES + (repeated?.repeatsPlace ?? 0);
    // Gone means split before: by another process, or by a run whose answer was lost.
    if (deliveries.remove.run({ id: write.deliveryId }).changes === 0) return { envelopeIds: [], duplicates: 0 };
    if (write.envelopes.some(({ place }, at) => (place ?? at) >= MAX_PLACES)) throw tooManyItems(write.deliveryId);
    const stored = write.envelopes.map((envelope, at) =>
      isOver(envelope) ? NOT_STORED : envelopes.insert.run(envelopeColumns(envelope, first + (envelope.place ?? at))),
    );
    for (const notice of write.notices) if (!isOver(notice)) storeNotice(notice, effects);
    for (const letter of write.deadLetters) if (!isOver(letter)) letters.insert.run(letterColumns(letter));
    if (write.unknownIdentities > 0) count.run({ name: UNKNOWN_IDENTITIES, value: write.unknownIdentities });
    const envelopeIds = stored.filter(({ changes }) => changes > 0).map((each) => Number(each.lastInsertRowid));
    return { envelopeIds, duplicates: stored.length - envelopeIds.length };
  }

  function isOver({ connectionId, generation }: Parameters<Splitter['isOver']>[0]): boolean {
    if (connectionId === null || generation === undefined) return false;
    const present = generationOf.get({ connectionId });
    return present !== undefined && present.generation !== generation;
  }

  function storeNotice({ outcome, ...notice }: NewNotice, effects: Effects): void {
    if (insertNotice.run(notice).changes === 0) return;
    if ('job' in outcome) {
      insertJobs([outcome.job], effects);
      return;
    }
    letters.insert.run(letterColumns(outcome.letter));
    insertAudit.run(auditColumns(outcome.audit));
  }

  function importOne(delivery: NewDelivery, envelope: NewEnvelope) {
    const known = envelopes.same.get(statementOf(envelope));
    if (known) return { envelopeId: known.id, receipt: known.receipt, duplicate: true };
    // Stored and dropped at once: only the number is wanted, in the one order of receipt.
    const deliveryId = Number(deliveries.insert.run(deliveryColumns({ ...delivery, body: null })).lastInsertRowid);
    deliveries.remove.run({ id: deliveryId });
    const receipt = deliveryId * MAX_PLACES;
    const { lastInsertRowid } = envelopes.insert.run(envelopeColumns(envelope, receipt));
    return { envelopeId: Number(lastInsertRowid), receipt, duplicate: false };
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
    generationOf: prepare((db, p: Params<{ connectionId: string }>) =>
      db.selectFrom('connection').select('generation').where('connection_id', '=', p.connectionId),
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
