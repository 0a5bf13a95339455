/** One stored envelope, read by the mapping as it is today. */

import { applyClaims, type ClaimsOutcome } from '../ledger/apply-claims.ts';
import { type Claim, type ClaimOrder, claimKeyOf } from '../ledger/claim.ts';
import type { LoadedProvider } from '../plugin/load-plugins.ts';
import type { AthleteChangeStore } from '../store/athlete-change.ts';
import type { Envelope } from '../store/inbox-store.ts';
import type { HubParts } from './hub-parts.ts';
import { claimsOf, envelopeView, keepFiles, noteList } from './ingest.ts';
import { newObjectId } from './object-id.ts';
import { getBytes } from './stored-bytes.ts';
import { gone, storedClaims } from './stored-claims.ts';

export type ReadAnewParts = Pick<HubParts, 'store' | 'blobs' | 'adapterPool' | 'random'>;

/** Where what was read anew goes: the store itself, or a rehearsal that writes nothing. */
export interface Target {
  ledger: Pick<AthleteChangeStore, 'withAthleteChange'>;
  blobs: Pick<HubParts['blobs'], 'put'>;
}

/** @throws HubError `normalise_failed`, `blob_missing`, or what the store throws when it is busy. */
export async function readAnew(
  parts: ReadAnewParts,
  target: Target,
  provider: LoadedProvider,
  envelope: Envelope,
): Promise<ClaimsOutcome> {
  const { athleteId, plugin, connectionId, receipt } = envelope;
  const { mappingVersion } = provider.adapter;
  const bytes = await getBytes(parts.blobs, athleteId, envelope);
  const normalised = await parts.adapterPool.normalise(provider, envelopeView(envelope, bytes));
  const owner = { athleteId, plugin, connectionId, receipt, mappingVersion };
  const claims = await claimsOf(target.blobs, normalised.claims, owner, envelope.sha256);
  await keepFiles(target.blobs, athleteId, normalised, bytes);
  const dropped = await droppedClaims(parts.store, provider, envelope, claims);
  return applyClaims(
    target.ledger,
    {
      athleteId,
      claims: [...claims, ...dropped],
      // History that was kept when its connection ended is read anew as well: that it is stored is enough.
      generations: [],
      storedEnvelopeId: envelope.id,
      envelopesDone: [{ id: envelope.id, notes: noteList(normalised.notes), mappingVersion }],
    },
    { newId: newObjectId(parts.random) },
  );
}

/** What an older mapping read from the same bytes and today's does not: withdrawn. */
async function droppedClaims(
  store: HubParts['store'],
  { adapter }: LoadedProvider,
  envelope: Envelope,
  claims: readonly Claim[],
): Promise<Claim[]> {
  const stated = new Set(claims.map(({ claimKey }) => claimKey));
  const kinds = new Set([...(adapter.streams[envelope.stream]?.kinds ?? []), ...claims.map(({ kind }) => kind)]);
  const things = new Set(claims.map(({ externalId }) => externalId));
  if (envelope.externalId !== null) things.add(envelope.externalId);
  const dropped: Claim[] = [];
  for (const kind of kinds) {
    for (const externalId of things) {
      const place = { ...envelope, provider: envelope.plugin, kind, externalId, form: 'file' as const, part: 0 };
      const prefix = claimKeyOf(place).slice(0, -'file|0'.length);
      for await (const page of storedClaims(store, envelope.athleteId, prefix)) {
        for (const claim of page) {
          if (claim.externalId !== externalId || stated.has(claim.claimKey)) continue;
          if (isOfOlderReading(claim, envelope, adapter.mappingVersion)) {
            dropped.push(gone(claim, { mappingVersion: adapter.mappingVersion }));
          }
        }
      }
    }
  }
  return dropped;
}

function isOfOlderReading(
  { order, fields, provider }: { order: ClaimOrder; fields: Claim['fields']; provider: string },
  { receipt, plugin }: Envelope,
  mappingVersion: number,
): boolean {
  return provider === plugin && fields !== null && order.receipt === receipt && order.mappingVersion < mappingVersion;
}
