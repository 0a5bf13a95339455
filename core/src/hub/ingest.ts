/** From a stored envelope to objects: normalise, store the series, hand the claims to the ledger. */
import { HubError } from '../error/hub-error.ts';
import { applyClaims, type ClaimsOutcome } from '../ledger/apply-claims.ts';
import { type Claim, claimKeyOf } from '../ledger/claim.ts';
import type { ClaimDraft, EnvelopeView, Normalised, Note } from '../provider/envelope.ts';
import type { Envelope } from '../store/inbox-store.ts';
import type { HubParts } from './hub-parts.ts';
import { newObjectId } from './object-id.ts';
import { getBytes } from './stored-bytes.ts';

export type IngestParts = Pick<HubParts, 'store' | 'blobs' | 'bytesGate' | 'plugins' | 'adapterPool' | 'random'>;

/** Whose claims these are, and in which order they count. */
export interface ClaimOwner {
  athleteId: string;
  plugin: string;
  connectionId: string | null;
  receipt: number;
  mappingVersion: number;
}

/** Completes drafts with owner and order, their series stored first. */
export async function claimsOf(
  blobs: Pick<HubParts['blobs'], 'put'>,
  drafts: ClaimDraft[],
  owner: ClaimOwner,
  fileSha256: string,
): Promise<Claim[]> {
  return Promise.all(
    drafts.map(async (draft) => {
      const { series, file, vendorVersion, supersession, ...stated } = draft;
      const place = { ...stated, provider: owner.plugin, connectionId: owner.connectionId };
      const order = { vendorVersion, supersession, receipt: owner.receipt, mappingVersion: owner.mappingVersion };
      const seriesRef =
        series === null
          ? null
          : {
              sha256: await blobs.put(owner.athleteId, series.bytes),
              channels: series.channels,
              points: series.points,
            };
      return {
        claimKey: claimKeyOf(place),
        ...place,
        order,
        series: seriesRef,
        file: file === null ? null : { sha256: fileSha256, ...file },
      };
    }),
  );
}

export function envelopeView(
  envelope: Pick<Envelope, 'stream' | 'externalId' | 'ref' | 'sha256'>,
  bytes: Uint8Array,
): EnvelopeView {
  const { stream, externalId, ref, sha256 } = envelope;
  return { stream, externalId, bytes, ref, sha256 };
}

export function noteList(notes: Note[]): { code: string; params?: Record<string, string | number> }[] {
  return notes.map(({ code, params }) => (params === undefined ? { code } : { code, params }));
}

/** Keeps original files where athletes can get them back; small bodies lie only in their envelope until then. */
export async function keepFiles(
  blobs: Pick<HubParts['blobs'], 'put'>,
  athleteId: string,
  normalised: Normalised,
  bytes: Uint8Array,
): Promise<void> {
  if (normalised.claims.some((claim) => claim.file !== null)) await blobs.put(athleteId, bytes);
}

/** Hands normalised claims to the ledger and settles the envelope in the same change. */
export async function ingestNormalised(
  parts: Pick<IngestParts, 'store' | 'blobs' | 'random'>,
  envelope: Pick<Envelope, 'id' | 'receipt' | 'athleteId' | 'plugin' | 'connectionId' | 'generation' | 'sha256'>,
  mappingVersion: number,
  normalised: Normalised,
  bytes: Uint8Array,
): Promise<ClaimsOutcome> {
  const { athleteId, plugin, connectionId, receipt } = envelope;
  const [claims] = await Promise.all([
    claimsOf(
      parts.blobs,
      normalised.claims,
      { athleteId, plugin, connectionId, receipt, mappingVersion },
      envelope.sha256,
    ),
    keepFiles(parts.blobs, athleteId, normalised, bytes),
  ]);
  const generations = connectionId === null ? [] : [{ connectionId, generation: envelope.generation }];
  return applyClaims(
    parts.store,
    {
      athleteId,
      claims,
      generations,
      envelopesDone: [{ id: envelope.id, notes: noteList(normalised.notes), mappingVersion }],
    },
    { newId: newObjectId(parts.random) },
  );
}

/** @throws HubError `normalise_failed`, `blob_missing`, or what the store throws when it is busy. */
export async function ingestEnvelope(parts: IngestParts, envelope: Envelope): Promise<ClaimsOutcome> {
  const provider = parts.plugins.provider(envelope.plugin);
  const bytes = await getBytes(parts.blobs, envelope.athleteId, envelope);
  const normalised = await parts.adapterPool.normalise(provider, envelopeView(envelope, bytes));
  return parts.bytesGate.storing([envelope.athleteId], () =>
    ingestNormalised(parts, envelope, provider.adapter.mappingVersion, normalised, bytes),
  );
}

/** Whether trying the same envelope again later can help. */
export function isTransient(error: unknown): boolean {
  return error instanceof HubError ? error.retry === 'later' && error.code !== 'internal' : false;
}
