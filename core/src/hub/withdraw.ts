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

/** Every form of one thing, withdrawn at a place in the order of receipt. */
export async function withdrawThing(
  parts: Parts,
  connection: ConnectionRow,
  stream: string,
  externalId: string,
  receipt: number,
): Promise<void> {
  const { adapter } = parts.plugins.provider(connection.plugin);
  const kinds = adapter.streams[stream]?.kinds ?? [];
  const order = { vendorVersion: 0, supersession: 0, receipt, mappingVersion: adapter.mappingVersion };
  const claims = kinds.flatMap((kind) => FORMS.map((form) => withdrawal(kind, connection, externalId, form, order)));
  await applyClaims(
    parts.store,
    { athleteId: connection.athleteId, claims, generations: [], envelopesDone: [] },
    { newId: newObjectId(parts.random) },
  );
}

const OBJECTS_PER_PASS = 200;

/** Everything an erased connection ever said. Objects the athlete wrote on stay, with what the others say. */
export async function withdrawConnection(parts: Parts, connection: ConnectionRow): Promise<void> {
  const { adapter } = parts.plugins.provider(connection.plugin);
  const kinds = new Set(Object.values(adapter.streams).flatMap((stream) => stream.kinds));
  for (const kind of kinds) {
    for (let toDay: string | undefined; ; ) {
      const objects = await parts.store.objects(connection.athleteId, kind, { toDay, limit: OBJECTS_PER_PASS });
      const claims = objects
        .flatMap((object) => Object.values(object.state.claims))
        .filter((claim) => claim.connectionId === connection.connectionId && claim.fields !== null)
        .map((claim) => ({
          ...claim,
          fields: null,
          series: null,
          file: null,
          order: { ...claim.order, mappingVersion: claim.order.mappingVersion + 1 },
        }));
      if (claims.length > 0) {
        await applyClaims(
          parts.store,
          { athleteId: connection.athleteId, claims, generations: [], envelopesDone: [] },
          { newId: newObjectId(parts.random) },
        );
      }
      const last = objects.at(-1)?.day ?? null;
      if (objects.length < OBJECTS_PER_PASS || last === null || last === toDay) break;
      toDay = last;
    }
  }
}
