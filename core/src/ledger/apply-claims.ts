/** Claims of one envelope into the ledger, in one change. */
import { REGISTRY } from '../model/registry.ts';
import type { AthleteChangeStore, AthleteWrite, DecideStep, LoadRequest } from '../store/athlete-change.ts';
import type { NewJob } from '../store/job-queue.ts';
import { type ChangeContext, finishChange, joinClaim } from './change.ts';
import { type Claim, claimKeyOf, FORMS } from './claim.ts';
import { daysAround, wakingDay } from './nights.ts';
import { openChange } from './open-change.ts';
import { placeOf } from './place.ts';
import { claimRecord, recordKeyOf } from './record.ts';
import type { WrittenObject } from './write-plan.ts';

export interface ClaimsInput {
  athleteId: string;
  claims: Claim[];
  /** The connection's generation when the envelope was stored: nothing lands after it was raised. */
  generations: { connectionId: string; generation: number }[];
  envelopesDone: NonNullable<AthleteWrite['envelopesDone']>;
  /** An envelope that must still be stored: claims of one that was erased meanwhile are stale, whoever it came from. */
  storedEnvelopeId?: number;
  jobs?: NewJob[];
}

export interface ClaimsOutcome {
  /** Claim key → id of the object that holds it now. */
  objectIds: Map<string, string>;
  written: WrittenObject[];
  /** Claims that said nothing new. */
  unchanged: number;
  /** Claims dropped because their connection has ended since. */
  stale: number;
}

/** Keys of every form of a record, so that its other forms are found in one look-up. */
function keysOfRecord(claim: Claim): string[] {
  return FORMS.map((form) => claimKeyOf({ ...claim, form }));
}

/** Where the claims of kinds that have a place will go. An unknown zone may put sleep a date aside. */
function placesOf(claims: Claim[]): LoadRequest {
  const ids: NonNullable<LoadRequest['ids']> = [];
  const nights = new Set<string>();
  for (const claim of claims) {
    if (REGISTRY[claim.kind].place === 'match') continue;
    const record = claimRecord(recordKeyOf(claim), [claim]);
    const id = placeOf(claim.kind, record);
    if (id !== null) ids.push({ kind: claim.kind, id });
    const day = claim.kind === 'sleep' ? wakingDay(record, null) : null;
    for (const near of day === null ? [] : daysAround(day)) nights.add(near);
  }
  return { ids, days: nights.size === 0 ? [] : [{ kind: 'sleep', days: [...nights] }] };
}

export async function applyClaims(
  store: Pick<AthleteChangeStore, 'withAthleteChange'>,
  input: ClaimsInput,
  context: ChangeContext,
): Promise<ClaimsOutcome> {
  const claimKeys = [...new Set(input.claims.flatMap(keysOfRecord))];
  const { storedEnvelopeId } = input;
  const load = {
    claimKeys,
    ...placesOf(input.claims),
    connectionIds: input.generations.map(({ connectionId }) => connectionId),
    envelopeIds: storedEnvelopeId === undefined ? [] : [storedEnvelopeId],
  };
  let open: ReturnType<typeof openChange> | null = null;
  let unchanged = 0;
  let stale = 0;
  return store.withAthleteChange<ClaimsOutcome>(input.athleteId, load, (loaded): DecideStep<ClaimsOutcome> => {
    if (open === null || open.world.loaded !== loaded) {
      open = openChange(loaded);
      unchanged = 0;
      stale = 0;
      const isErased = storedEnvelopeId !== undefined && !loaded.envelopes.has(storedEnvelopeId);
      for (const claim of input.claims) {
        const expected = input.generations.find(({ connectionId }) => connectionId === claim.connectionId);
        const current = claim.connectionId === null ? undefined : loaded.connections.get(claim.connectionId);
        if (isErased || (expected !== undefined && current?.generation !== expected.generation)) stale += 1;
        else if (!joinClaim(open, claim, context)) unchanged += 1;
      }
    }
    const step = finishChange(open, context);
    if (step.do === 'load') return step;
    const { write, written } = step.finished;
    const objectIds = new Map<string, string>();
    for (const claim of input.claims) {
      const holder = open.world.holder.get(recordKeyOf(claim));
      const object = written.find((candidate) => Object.hasOwn(candidate.state.claims, claim.claimKey));
      const id = object?.id ?? (holder === undefined ? undefined : open.world.objects.get(holder)?.id);
      if (id !== undefined) objectIds.set(claim.claimKey, id);
    }
    const nothing =
      write.objects.length === 0 &&
      write.states?.length === 0 &&
      write.aliases.length === 0 &&
      input.envelopesDone.length === 0;
    return {
      do: 'write',
      write:
        nothing && input.jobs === undefined ? null : { ...write, envelopesDone: input.envelopesDone, jobs: input.jobs },
      result: { objectIds, written, unchanged, stale },
    };
  });
}
