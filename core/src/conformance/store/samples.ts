/** The smallest things the laws write. */
import type { Claim } from '../../ledger/claim.ts';
import { emptyState, type ObjectState } from '../../ledger/object-state.ts';
import type { AthleteWrite, DecideStep, Loaded, LoadRequest, ObjectWrite } from '../../store/athlete-change.ts';
import type { ConnectionRow } from '../../store/connection-store.ts';
import type { NewDeadLetter, NewDelivery, NewEnvelope } from '../../store/inbox-store.ts';
import type { SyncStore } from '../../store/sync-store.ts';

export const ATHLETE = 'ath_1';
export const OTHER_ATHLETE = 'ath_2';

/** An activity that holds the given claims. */
export function activity(
  id: string,
  over: Partial<ObjectWrite> & { claimKeys?: string[] } = {},
): Omit<ObjectWrite, 'rev'> {
  const { claimKeys = [], ...rest } = over;
  return {
    kind: 'activity',
    id,
    createdRev: 1,
    day: '2026-03-01',
    startedAtMs: Date.UTC(2026, 2, 1, 7),
    deleted: false,
    data: '{"distanceM":10050}',
    alt: null,
    state: stateWith(claimKeys),
    ...rest,
  };
}

export function stateWith(claimKeys: string[]): ObjectState {
  return { ...emptyState(), claims: Object.fromEntries(claimKeys.map((key) => [key, claim(key)])) };
}

function claim(claimKey: string): Claim {
  return {
    claimKey,
    kind: 'activity',
    provider: 'stride',
    connectionId: 'con_1',
    externalId: claimKey,
    form: 'summary',
    part: 0,
    order: { vendorVersion: 1, supersession: 0, receipt: 1, mappingVersion: 1 },
    origin: 'device',
    identities: [],
    groupKey: null,
    quality: null,
    fields: { distanceM: 10_050 },
    series: null,
    file: null,
  };
}

export type Rows = Partial<Omit<AthleteWrite, 'objects' | 'aliases' | 'rev'>> & {
  objects?: Omit<ObjectWrite, 'rev'>[];
  aliases?: { oldId: string; objectId: string }[];
};

/** Numbers the rows: objects first, then aliases, from the athlete's next rev on. */
export function numbered(loaded: Loaded, { objects = [], aliases = [], ...rest }: Rows): AthleteWrite {
  const { rev } = loaded.athlete;
  return {
    ...rest,
    rev: rev + objects.length + aliases.length,
    objects: objects.map((each, at) => ({ ...each, rev: rev + at + 1 })),
    aliases: aliases.map((each, at) => ({ ...each, kind: 'activity', rev: rev + objects.length + at + 1 })),
  };
}

/** One change that writes the rows, whatever is stored; returns the new rev. */
export function change(store: SyncStore, rows: Rows, athleteId = ATHLETE): Promise<number> {
  return store.withAthleteChange(athleteId, {}, (loaded) => {
    const write = numbered(loaded, rows);
    return { do: 'write', write, result: write.rev };
  });
}

/** What a change would see. Writes nothing. */
export function look(store: SyncStore, load: LoadRequest, athleteId = ATHLETE): Promise<Loaded> {
  return store.withAthleteChange(athleteId, load, (loaded): DecideStep<Loaded> => {
    for (const object of loaded.objects.values()) void object.state;
    return { do: 'write', write: null, result: loaded };
  });
}

export function delivery(over: Partial<NewDelivery> = {}): NewDelivery {
  return {
    plugin: 'stride',
    route: 'webhook',
    headers: { 'content-type': 'application/json' },
    body: bytesOf('{"dailies":[]}'),
    blobSha256: null,
    bytes: 14,
    receivedAtMs: Date.UTC(2026, 2, 1),
    context: null,
    ...over,
  };
}

export function envelope(sha256: string, over: Partial<NewEnvelope> = {}): NewEnvelope {
  return {
    athleteId: ATHLETE,
    plugin: 'stride',
    connectionId: 'con_1',
    generation: 1,
    stream: 'activities',
    externalId: 'act-1',
    sha256,
    body: bytesOf(`{"${sha256}":true}`),
    blobSha256: null,
    bytes: 20,
    receivedAtMs: Date.UTC(2026, 2, 1),
    ref: { type: 'summary' },
    ...over,
  };
}

export function deadLetter(over: Partial<NewDeadLetter> = {}): NewDeadLetter {
  return {
    plugin: 'stride',
    stage: 'split',
    code: 'delivery_unsplittable',
    detail: 'The body is no JSON.',
    athleteId: null,
    connectionId: null,
    body: bytesOf('{'),
    blobSha256: null,
    envelopeId: null,
    replay: { headers: { 'content-type': 'application/json' } },
    atMs: Date.UTC(2026, 2, 1),
    ...over,
  };
}

export function connection(over: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    connectionId: 'con_1',
    athleteId: ATHLETE,
    plugin: 'stride',
    state: 'connected',
    generation: 1,
    identity: 'stride-user',
    permissions: ['ACTIVITY_EXPORT'],
    sealedTokens: 'sealed-1',
    tokenExpiresAtMs: Date.UTC(2026, 2, 2),
    connectedAtMs: Date.UTC(2026, 2, 1),
    reason: null,
    ...over,
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
