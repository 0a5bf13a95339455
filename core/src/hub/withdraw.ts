/** Withdrawal of what a source said: one thing the provider deleted, or everything of an erased connection. */
import { applyClaims } from '../ledger/apply-claims.ts';
import { type Claim, claimKeyOf, FORMS } from '../ledger/claim.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import type { HubParts } from './hub-parts.ts';
import { newObjectId } from './object-id.ts';

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

const CLAIMS_PER_PASS = 200;

/** Stored claims whose key begins so, a page at a time, whatever the athlete did to the objects that hold them. */
async function* storedClaims(store: Parts['store'], athleteId: string, prefix: string): AsyncGenerator<Claim[]> {
  for (let after = ''; ; ) {
    const holders = await store.claimHolders(athleteId, prefix, after, CLAIMS_PER_PASS);
    const objects = new Map(holders.map((holder) => [`${holder.kind}/${holder.id}`, holder]));
    const keys = new Set(holders.map(({ claimKey }) => claimKey));
    const page: Claim[] = [];
    for (const { kind, id } of objects.values()) {
      const object = await store.object(athleteId, kind, id);
      page.push(...Object.values(object?.state.claims ?? {}).filter((claim) => keys.has(claim.claimKey)));
    }
    yield page;
    const last = holders.at(-1);
    if (last === undefined || holders.length < CLAIMS_PER_PASS) return;
    after = last.claimKey;
  }
}

/** A stored claim, said to be gone. */
function gone(claim: Claim, order: Partial<Claim['order']>): Claim {
  return { ...claim, fields: null, series: null, file: null, order: { ...claim.order, ...order } };
}

async function apply(parts: Parts, athleteId: string, claims: Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const input = { athleteId, claims, generations: [], envelopesDone: [] };
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
  await apply(parts, connection.athleteId, [...claims.values()]);
}

/**
 * Everything an erased connection ever said, and what came in by it: envelopes, notices, letters, bytes. Objects the
 * athlete wrote on stay, with what the others say.
 *
 * @param connection after its end: what comes in under its present generation and later ones stays.
 */
export async function withdrawConnection(
  parts: Parts & Pick<HubParts, 'blobs' | 'bytesGate'>,
  connection: ConnectionRow,
): Promise<void> {
  const { athleteId, connectionId, generation } = connection;
  for await (const page of storedClaims(parts.store, athleteId, `${connectionId}|`)) {
    const live = page.filter((claim) => claim.connectionId === connectionId && claim.fields !== null);
    const withdrawn = live.map((claim) => gone(claim, { mappingVersion: claim.order.mappingVersion + 1 }));
    await apply(parts, athleteId, withdrawn);
  }
  await parts.store.eraseInbox(connectionId, generation);
  await parts.bytesGate.sweeping(athleteId, () =>
    parts.blobs.keepOnly(athleteId, () => namedBlobs(parts.store, athleteId)),
  );
}

/** Bytes of an athlete that a claim or an envelope names. */
async function namedBlobs(store: Parts['store'], athleteId: string): Promise<Set<string>> {
  const named = await store.envelopeBlobs(athleteId);
  for await (const page of storedClaims(store, athleteId, '')) {
    for (const { series, file } of page) for (const ref of [series, file]) if (ref !== null) named.add(ref.sha256);
  }
  return named;
}
