/** Withdrawal of what a source said: one thing the provider deleted, or everything of an erased connection. */
import { applyClaims, type ClaimsInput } from '../ledger/apply-claims.ts';
import { type Claim, claimKeyOf, FORMS } from '../ledger/claim.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import { blobSweepJob, namedBlobs } from './blob-sweep.ts';
import type { HubParts } from './hub-parts.ts';
import { eraseLettersNaming } from './letters-naming.ts';
import { newObjectId } from './object-id.ts';
import { gone, storedClaims } from './stored-claims.ts';

type Parts = Pick<HubParts, 'store' | 'plugins' | 'random'>;

function withdrawal(
  kind: Claim['kind'],
  connection: ConnectionRow,
  externalId: string,
  form: Claim['form'],
  order: Claim['order'],
  part = 0,
): Claim {
  const place = { kind, provider: connection.plugin, connectionId: connection.connectionId, externalId, form, part };
  return {
    claimKey: claimKeyOf(place),
    ...place,
    order,
    origin: 'vendor',
    identities: [],
    groupKey: null,
    quality: null,
    fields: null,
    series: null,
    file: null,
  };
}

async function apply(
  parts: Parts,
  athleteId: string,
  claims: Claim[],
  generations: ClaimsInput['generations'] = [],
): Promise<void> {
  if (claims.length === 0) return;
  const input = { athleteId, claims, generations, envelopesDone: [] };
  await applyClaims(parts.store, input, { newId: newObjectId(parts.random) });
}

/**
 * One thing, withdrawn at a place in the order of receipt: every form and part that is stored, and the forms that may
 * still come. A withdrawal takes the version of what it withdraws, so that the receipt alone decides.
 */
export async function withdrawThing(
  parts: Parts,
  connection: ConnectionRow,
  stream: string,
  externalId: string,
  receipt: number,
): Promise<void> {
  const { adapter } = parts.plugins.provider(connection.plugin);
  const { mappingVersion } = adapter;
  const claims = new Map<string, Claim>();
  for (const kind of adapter.streams[stream]?.kinds ?? []) {
    for (const form of FORMS) {
      const order = { vendorVersion: 0, supersession: 0, receipt, mappingVersion };
      const claim = withdrawal(kind, connection, externalId, form, order);
      claims.set(claim.claimKey, claim);
    }
    const prefix = [connection.connectionId, kind, externalId, ''].join('|');
    for await (const page of storedClaims(parts.store, connection.athleteId, prefix)) {
      for (const claim of page) {
        if (claim.externalId === externalId) claims.set(claim.claimKey, gone(claim, { receipt, mappingVersion }));
      }
    }
  }
  const { connectionId, generation } = connection;
  await apply(parts, connection.athleteId, [...claims.values()], [{ connectionId, generation }]);
}

/**
 * Everything an erased connection ever said, and what came in by it: envelopes, notices, letters, bytes. Objects the
 * athlete wrote on stay, with what the others say.
 *
 * What came in goes first: claims land only while their envelope is stored or their generation is the present one, so
 * nothing can land behind the withdrawal, by whatever process.
 *
 * @param connection after its end: what comes in under its present generation and later ones stays.
 */
export async function withdrawConnection(
  parts: Parts & Pick<HubParts, 'blobs' | 'bytesGate' | 'queue' | 'clock'>,
  connection: ConnectionRow,
): Promise<void> {
  const { athleteId, connectionId, generation } = connection;
  const bytes = await parts.store.connectionBlobs(connectionId, generation);
  await parts.store.eraseInbox(connectionId, generation);
  await eraseLettersNaming(parts, connection);
  for await (const page of storedClaims(parts.store, athleteId, `${connectionId}|`)) {
    const live = page.filter((claim) => claim.connectionId === connectionId && claim.fields !== null);
    for (const { series, file } of live) for (const ref of [series, file]) if (ref !== null) bytes.add(ref.sha256);
    const withdrawn = live.map((claim) => gone(claim, { mappingVersion: claim.order.mappingVersion + 1 }));
    await apply(parts, athleteId, withdrawn);
  }
  await parts.bytesGate.sweeping(athleteId, async () => {
    const named = await namedBlobs(parts.store, athleteId);
    for (const sha256 of bytes) if (!named.has(sha256)) await parts.blobs.delete({ athleteId, sha256 });
  });
  // What somebody was storing just now, and what was replaced by newer bytes before.
  await parts.queue.enqueue([blobSweepJob(athleteId, parts.clock.now())]);
}
