/** Writes everything one change decided, inside its transaction. */
import { type AthleteWrite, HubError, type MutationRow } from '@coach-hub/core';
import type { Effects } from '../database/database.ts';
import type { Flow } from '../database/flow.ts';
import type { Params, Prepare } from '../database/statement.ts';
import type { JobInserter } from '../queue/insert-jobs.ts';
import { checkWrite } from './check-write.ts';
import { clientOfAnother, clientStatements } from './client-row.ts';
import type { Reading } from './load.ts';
import { createObjectWriter } from './write-objects.ts';

export interface WriteDeps {
  prepare: Prepare;
  now: () => number;
  insertJobs: JobInserter;
}

export type ChangeWriter = (reading: Reading, write: AthleteWrite, effects: Effects) => Flow<void>;

export function createChangeWriter({ prepare, now, insertJobs }: WriteDeps): ChangeWriter {
  const objects = createObjectWriter(prepare);
  const clients = clientStatements(prepare);
  const save = changeStatements(prepare);

  return function* writeChange(reading, write, effects) {
    const { athlete } = reading.loaded;
    const { athleteId } = athlete;
    checkWrite(athlete, write);
    yield* objects.write(reading, write);
    if (write.client) yield* saveClient(athleteId, write.client);
    for (const mutation of write.mutations ?? []) yield* saveMutation(athleteId, mutation);
    for (const dead of write.deadMutations ?? []) {
      yield* save.deadMutation.run({ athleteId, ...dead, nowMs: now() });
    }
    for (const { id, notes, mappingVersion } of write.envelopesDone ?? []) {
      const notesText = notes.length > 0 ? JSON.stringify(notes) : null;
      yield* save.envelopeDone.run({ athleteId, id, mappingVersion, notes: notesText });
    }
    yield* insertJobs(write.jobs ?? [], effects);
    const timeZone = write.timeZone ?? athlete.timeZone;
    const sourcePriority = write.sourcePriority ?? athlete.sourcePriority;
    const sameFacts = timeZone === athlete.timeZone && sourcePriority === athlete.sourcePriority;
    if (write.rev === athlete.rev && sameFacts) return;
    yield* save.athlete.run({ athleteId, rev: write.rev, timeZone, sourcePriority: JSON.stringify(sourcePriority) });
    if (write.rev === athlete.rev) return;
    effects.objects += write.objects.length;
    effects.revs.set(athleteId, write.rev);
  };

  function* saveClient(athleteId: string, client: NonNullable<AthleteWrite['client']>): Flow<void> {
    const changes = yield* clients.saveAck.run({ athleteId, ...client, nowMs: now() });
    if (changes === 0) throw clientOfAnother(client.clientId);
  }

  function* saveMutation(athleteId: string, mutation: MutationRow): Flow<void> {
    const { mid, clientId, seq, bodySha256, result } = mutation;
    const changes = yield* save.mutation.run({
      athleteId,
      mid,
      clientId,
      seq,
      bodySha256,
      result: JSON.stringify(result),
      nowMs: now(),
    });
    if (changes === 0) throw mutationKnown(mid);
  }
}

/** Two changes raced with one mutation and the decision did not load it: running again finds it. */
function mutationKnown(mid: string): HubError {
  return new HubError('internal', {
    what: `Mutation ${mid}, or another of its client under the same seq, is stored already.`,
    why: 'The change did not load the mutations it writes.',
    fix: 'Nothing was stored. Please report it with the log of this request.',
  });
}

function changeStatements(prepare: Prepare) {
  return {
    athlete: prepare(
      (db, p: Params<{ athleteId: string; rev: number; timeZone: string | null; sourcePriority: string }>) =>
        db
          .updateTable('athlete')
          .set({ rev: p.rev, time_zone: p.timeZone, source_priority: p.sourcePriority })
          .where('athlete_id', '=', p.athleteId),
    ),
    mutation: prepare(
      (
        db,
        p: Params<{
          athleteId: string;
          mid: string;
          clientId: string;
          seq: number | null;
          bodySha256: string;
          result: string;
          nowMs: number;
        }>,
      ) =>
        db
          .insertInto('mutation')
          .values({
            athlete_id: p.athleteId,
            mid: p.mid,
            client_id: p.clientId,
            seq: p.seq,
            body_sha256: p.bodySha256,
            result: p.result,
            at_ms: p.nowMs,
          })
          .onConflict((on) => on.doNothing()),
    ),
    deadMutation: prepare(
      (
        db,
        p: Params<{ athleteId: string; mid: string; clientId: string; code: string; body: string; nowMs: number }>,
      ) =>
        db
          .insertInto('dead_mutation')
          .values({
            athlete_id: p.athleteId,
            mid: p.mid,
            client_id: p.clientId,
            code: p.code,
            body: p.body,
            at_ms: p.nowMs,
          })
          .onConflict((on) => on.doNothing()),
    ),
    envelopeDone: prepare(
      (db, p: Params<{ athleteId: string; id: number; notes: string | null; mappingVersion: number }>) =>
        db
          .updateTable('envelope')
          .set({ state: 'done', notes: p.notes, mapping_version: p.mappingVersion })
          .where('id', '=', p.id)
          .where('athlete_id', '=', p.athleteId),
    ),
  };
}
