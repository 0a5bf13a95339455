/** Claims as the ledger holds them, found by how their keys begin. */
import type { Claim } from '../ledger/claim.ts';
import type { HubParts } from './hub-parts.ts';

const CLAIMS_PER_PASS = 200;

/** A page at a time, whatever the athlete did to the objects that hold them. */
export async function* storedClaims(
  store: Pick<HubParts['store'], 'claimHolders' | 'object'>,
  athleteId: string,
  prefix: string,
): AsyncGenerator<Claim[]> {
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
export function gone(claim: Claim, order: Partial<Claim['order']>): Claim {
  return { ...claim, fields: null, series: null, file: null, order: { ...claim.order, ...order } };
}
