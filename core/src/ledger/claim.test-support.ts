/** Builders for tests of the ledger. */
import type { JsonObject } from '../wire/json.ts';
import { type Claim, claimKeyOf } from './claim.ts';
import { type AthleteLayer, emptyLayer, emptyState, type ObjectState } from './object-state.ts';
import { recordKeyOf } from './record.ts';

export const START = '2026-05-02T06:00:00.000Z';

/** A claim as a connected watch's file states it; `more` overrides. */
export function claim(fields: JsonObject | null, more: Partial<Claim> = {}): Claim {
  const place = {
    kind: 'activity' as const,
    provider: 'stride',
    connectionId: 'c1',
    externalId: 'run-1',
    form: 'file' as const,
    part: 0,
    ...more,
  };
  return {
    ...place,
    claimKey: claimKeyOf(place),
    order: { vendorVersion: 0, supersession: 0, receipt: 1, mappingVersion: 1 },
    origin: 'device',
    identities: [],
    groupKey: null,
    quality: null,
    series: null,
    file: null,
    ...more,
    fields,
  };
}

export function run(more: JsonObject = {}): JsonObject {
  return { sport: 'run', startedAt: START, elapsedS: 3_600, timerS: 3_600, distanceM: 10_000, ...more };
}

/** A stamp some minutes after the start of the day of `START`. */
export function stamp(minutes: number): string {
  return `${Date.parse('2026-05-02T12:00:00.000Z') + minutes * 60_000}:0000`;
}

export function layer(
  typed: JsonObject,
  more: { minutes?: number; clientId?: string; override?: JsonObject; created?: boolean } = {},
): AthleteLayer {
  const stamped = (fields: JsonObject) =>
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        { value, stamp: stamp(more.minutes ?? 0), clientId: more.clientId ?? 'phone-a' },
      ]),
    );
  return {
    ...emptyLayer(),
    created: more.created ?? false,
    typed: stamped(typed),
    override: stamped(more.override ?? {}),
  };
}

export function state(claims: Claim[], layers: { [id: string]: AthleteLayer } = {}): ObjectState {
  const result = emptyState();
  for (const each of claims) {
    result.claims[each.claimKey] = each;
    result.anchors.act_1 ??= { record: recordKeyOf(each), createdRev: 1, byClient: false };
  }
  result.layers = layers;
  return result;
}
