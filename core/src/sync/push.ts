/**
 * Push: an athlete's mutations into the ledger, in one change. Effects, acks and results commit together; a bad
 * mutation is answered `rejected` and acknowledged, so nothing ever blocks the queue.
 */
import { hash } from 'node:crypto';
import { HubError } from '../error/hub-error.ts';
import { type AppliedMutation, applyMutation } from '../ledger/apply-mutation.ts';
import { type ChangeContext, finishChange } from '../ledger/change.ts';
import { type Change, forkChange, openChange } from '../ledger/open-change.ts';
import { reResolveJob } from '../ledger/re-resolve.ts';
import { presentId } from '../ledger/world.ts';
import type { LedgerWrite, WrittenObject } from '../ledger/write-plan.ts';
import type {
  AthleteChangeStore,
  AthleteRow,
  AthleteWrite,
  DecideStep,
  Loaded,
  LoadRequest,
  MutationRow,
  SourcePriority,
} from '../store/athlete-change.ts';
import type { FieldOutcome, Mutation, MutationResult, PushRequest, PushResponse } from '../wire/sync.ts';
import { epochOf } from './cursor.ts';

export interface PushInput {
  athleteId: string;
  clientId: string;
  schemaVersion: number | null;
  request: PushRequest;
  nowMs: number;
}

function bodyHash(mutation: Mutation): string {
  const { seq: _seq, base: _base, ...body } = mutation;
  return hash('sha256', JSON.stringify(body)).slice(0, 32);
}

function loadRequest(input: PushInput): LoadRequest {
  const { batch } = input.request;
  const seqs = batch.map((mutation) => mutation.seq).filter((seq) => seq !== undefined);
  return {
    ids: batch.map(({ kind, id }) => ({ kind, id })),
    mids: batch.map(({ mid }) => mid),
    client: { clientId: input.clientId, seqs },
  };
}

function checkCaller(input: PushInput, loaded: Loaded): void {
  if (loaded.client !== null && loaded.client.athleteId !== input.athleteId) {
    throw new HubError('client_athlete_mismatch', {
      what: 'The push was refused.',
      why: 'This client id belongs to another athlete.',
      fix: 'Open a database of its own for each athlete.',
    });
  }
  const epoch = epochOf(loaded.serverEpoch, loaded.athlete.epochN);
  if (input.request.epoch !== null && input.request.epoch !== epoch) {
    throw new HubError('epoch_mismatch', {
      what: 'The push was refused.',
      why: 'The hub was restored from a backup, or this athlete’s data was reset, since the client last synced.',
      fix: 'Send again everything above ackSeq from the journal, then pull with no cursor.',
      details: { epoch, ackSeq: loaded.client?.ackSeq ?? 0 },
    });
  }
}

/** Whether a seq fits what this client sent before. */
function checkSeq(mutation: Mutation, ackSeq: number, loaded: Loaded): void {
  if (mutation.seq === undefined) return;
  if (mutation.seq > ackSeq + 1) {
    throw new HubError('seq_gap', {
      what: 'The push was refused.',
      why: `Mutation ${ackSeq + 1} of this client has not arrived, ${mutation.seq} has.`,
      fix: 'Push again from the expected seq.',
      details: { expected: ackSeq + 1 },
    });
  }
  if (mutation.seq <= ackSeq && loaded.midBySeq.get(mutation.seq) !== mutation.mid) {
    throw new HubError('client_forked', {
      what: 'The push was refused.',
      why: `Seq ${mutation.seq} of this client stands for another mutation: two installations share one client id.`,
      fix: 'Take a new client id and push everything that is not acknowledged again, with the same mids.',
    });
  }
}

interface Settled {
  mutation: Mutation;
  applied: AppliedMutation | null;
  result: MutationResult;
  bodySha256: string;
  /** Known from before: nothing is stored again. */
  known: boolean;
}

/** @param presentId the id its object has now: it may have been joined since, or stand by itself again. */
function replayed(mutation: Mutation, known: MutationRow, hash: string, presentId: string): MutationResult {
  const place = mutation.seq === undefined ? { mid: mutation.mid } : { seq: mutation.seq, mid: mutation.mid };
  if (known.bodySha256 !== hash) {
    return {
      ...place,
      status: 'rejected',
      code: 'mid_reused',
      detail: 'This mid was used for another mutation. Give every mutation a mid of its own.',
    };
  }
  const original = known.result.status === 'duplicate' ? 'applied' : known.result.status;
  const { aliasOf: _then, ...result } = known.result;
  const now = presentId === mutation.id ? {} : { aliasOf: presentId };
  return { ...result, ...now, ...place, status: 'duplicate', originalStatus: original };
}

function settle(mutation: Mutation, applied: AppliedMutation, hash: string): Settled {
  const place = mutation.seq === undefined ? { mid: mutation.mid } : { seq: mutation.seq, mid: mutation.mid };
  const result: MutationResult =
    applied.ok === false
      ? { ...place, status: 'rejected', code: applied.code, detail: applied.detail }
      : { ...place, status: applied.ok === true ? 'applied' : 'superseded' };
  return { mutation, applied, result, bodySha256: hash, known: false };
}

/** Runs of mutations that share a `tx`, in order; a mutation without one is a run of its own. */
function groupsOf(batch: Mutation[]): Mutation[][] {
  const groups: Mutation[][] = [];
  for (const mutation of batch) {
    const last = groups.at(-1);
    if (mutation.tx !== undefined && last?.[0]?.tx === mutation.tx) last.push(mutation);
    else groups.push([mutation]);
  }
  return groups;
}

function applyBatch(input: PushInput, loaded: Loaded): { change: Change; settled: Settled[]; ackSeq: number } {
  let change = openChange(loaded);
  const settled: Settled[] = [];
  let ackSeq = loaded.client?.ackSeq ?? 0;
  const seen = new Map(loaded.mutations);
  for (const group of groupsOf(input.request.batch)) {
    const attempt = group.length > 1 ? forkChange(change) : change;
    const members: Settled[] = [];
    for (const mutation of group) {
      checkSeq(mutation, ackSeq, loaded);
      ackSeq = Math.max(ackSeq, mutation.seq ?? 0);
      const hash = bodyHash(mutation);
      const place = settled.length + members.length;
      const known = seen.get(mutation.mid);
      if (known !== undefined) {
        members.push({
          mutation,
          applied: null,
          result: replayed(mutation, known, hash, presentId(attempt.world, mutation.kind, mutation.id)),
          bodySha256: hash,
          known: true,
        });
        continue;
      }
      const member = settle(mutation, applyMutation(attempt, mutation, input.clientId, input.nowMs, place), hash);
      seen.set(mutation.mid, {
        mid: mutation.mid,
        clientId: input.clientId,
        seq: mutation.seq ?? null,
        bodySha256: hash,
        result: member.result,
      });
      members.push(member);
    }
    const failed = members.some(({ result, known }) => !known && result.status === 'rejected');
    if (group.length > 1 && failed) {
      for (const member of members) {
        if (!member.known && member.result.status === 'applied') {
          member.result = {
            ...member.result,
            status: 'blocked',
            detail: 'A neighbour it must apply together with was rejected.',
          };
          member.applied = null;
        }
      }
    } else {
      change = attempt;
    }
    settled.push(...members);
  }
  return { change, settled, ackSeq };
}

/** What became of each field the mutation set, seen from the view it led to. */
function fieldOutcomes(
  mutation: Mutation,
  written: WrittenObject,
  left: { [field: string]: FieldOutcome },
): { [field: string]: FieldOutcome } {
  const outcomes = { ...left };
  for (const [field, value] of Object.entries(mutation.set ?? {})) {
    const { provenance } = written.view;
    const source = Object.hasOwn(provenance, field) ? provenance[field] : undefined;
    if (Object.hasOwn(left, field) || source === undefined) continue;
    if (JSON.stringify(written.view.data[field]) === JSON.stringify(value)) continue;
    outcomes[field] = source.startsWith('provider:')
      ? 'kept_device'
      : source.startsWith('engine:')
        ? 'kept_engine'
        : 'kept_newer';
  }
  return outcomes;
}

/** Completes the answers with the objects as they are now. */
function describe(settled: Settled[], written: WrittenObject[]): MutationResult[] {
  return settled.map(({ mutation, applied, result }) => {
    if (applied === null || applied.ok !== true) return result;
    const object = written.find(
      (candidate) =>
        candidate.kind === mutation.kind &&
        (candidate.id === mutation.id || Object.hasOwn(candidate.state.anchors, mutation.id)),
    );
    if (object === undefined) return result;
    const fields = fieldOutcomes(mutation, object, applied.fields);
    const { view } = object;
    const kept = Object.keys(fields).length > 0;
    return {
      ...result,
      status: kept ? 'merged' : 'applied',
      rev: object.rev,
      ...(kept ? { fields } : {}),
      ...(object.id === mutation.id ? {} : { aliasOf: object.id }),
      ...(applied.stampClamped ? { stampClamped: true as const } : {}),
      ...(view.deleted
        ? { deleted: true as const }
        : {
            object: {
              kind: object.kind,
              id: object.id,
              rev: object.rev,
              day: view.day,
              data: view.data,
              ...(Object.keys(view.alt).length > 0 ? { alt: view.alt } : {}),
              provenance: view.provenance,
            },
          }),
    };
  });
}

/** What of the athlete's profile and settings all their views depend on, where this change says it anew. */
function newFacts(written: WrittenObject[], athlete: AthleteRow): Pick<AthleteWrite, 'timeZone' | 'sourcePriority'> {
  const facts: Pick<AthleteWrite, 'timeZone' | 'sourcePriority'> = {};
  for (const { kind, changed, view } of written) {
    const { timeZone } = view.data;
    if (kind === 'profile' && changed && typeof timeZone === 'string' && timeZone !== athlete.timeZone)
      facts.timeZone = timeZone;
    if (kind !== 'settings' || !changed) continue;
    const sourcePriority = (view.data.sourcePriority ?? {}) as SourcePriority;
    if (JSON.stringify(sourcePriority) !== JSON.stringify(athlete.sourcePriority))
      facts.sourcePriority = sourcePriority;
  }
  return facts;
}

function writeOf(
  input: PushInput,
  write: LedgerWrite,
  results: MutationResult[],
  settled: Settled[],
  ackSeq: number,
  facts: Pick<AthleteWrite, 'timeZone' | 'sourcePriority'>,
): AthleteWrite {
  const rows: MutationRow[] = [];
  const dead: NonNullable<AthleteWrite['deadMutations']> = [];
  for (const [index, { mutation, bodySha256, known }] of settled.entries()) {
    const full = results[index] as MutationResult;
    if (known) continue;
    const { object: _object, ...result } = full;
    rows.push({ mid: mutation.mid, clientId: input.clientId, seq: mutation.seq ?? null, bodySha256, result });
    if (full.status === 'rejected')
      dead.push({
        mid: mutation.mid,
        clientId: input.clientId,
        code: full.code ?? 'invalid_value',
        body: JSON.stringify(mutation),
      });
  }
  return {
    ...write,
    client: { clientId: input.clientId, ackSeq, schemaVersion: input.schemaVersion },
    mutations: rows,
    deadMutations: dead,
    ...facts,
    ...(Object.keys(facts).length === 0 ? {} : { jobs: [reResolveJob(input.athleteId)] }),
  };
}

export async function push(store: AthleteChangeStore, input: PushInput, context: ChangeContext): Promise<PushResponse> {
  let open: (ReturnType<typeof applyBatch> & { loaded: Loaded }) | null = null;
  return store.withAthleteChange<PushResponse>(
    input.athleteId,
    loadRequest(input),
    (loaded): DecideStep<PushResponse> => {
      if (open === null || open.loaded !== loaded) {
        checkCaller(input, loaded);
        open = { ...applyBatch(input, loaded), loaded };
      }
      const step = finishChange(open.change, context);
      if (step.do === 'load') return step;
      const { write, written } = step.finished;
      const results = describe(open.settled, written);
      const response = { ackSeq: open.ackSeq, durableSeq: loaded.client?.durableSeq ?? 0, results };
      return {
        do: 'write',
        write: writeOf(input, write, results, open.settled, open.ackSeq, newFacts(written, loaded.athlete)),
        result: response,
      };
    },
  );
}
