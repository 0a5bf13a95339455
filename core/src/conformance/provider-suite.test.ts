import { describe, expect, it } from 'vitest';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { ClaimDraft, DeliveryView, EnvelopeView, SplitResult } from '../provider/envelope.ts';
import { type ProviderFixtures, providerLaws } from './provider-suite.ts';

interface Run {
  user: string;
  id: string;
  type: string;
  metres: number;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function split({ bytes }: DeliveryView): SplitResult {
  const result: SplitResult = { envelopes: [], notices: [], problems: [] };
  let runs: unknown;
  try {
    runs = (JSON.parse(text(bytes)) as { runs?: unknown } | null)?.runs;
  } catch {
    return { ...result, problems: [{ at: '', what: 'no JSON', bytes }] };
  }
  for (const [index, run] of (Array.isArray(runs) ? runs : []).entries()) {
    const item = new TextEncoder().encode(JSON.stringify(run));
    const { user, id } = (run ?? {}) as Partial<Run>;
    if (typeof user !== 'string' || user === '')
      result.problems.push({ at: `runs[${index}]`, what: 'no user', bytes: item });
    else result.envelopes.push({ identity: user, stream: 'runs', externalId: String(id), bytes: item, ref: {} });
  }
  return result;
}

function claimOf(run: Run): ClaimDraft {
  return {
    kind: 'activity',
    externalId: run.id,
    form: 'summary',
    part: 0,
    origin: 'device',
    identities: [],
    groupKey: null,
    quality: null,
    fields: { sport: run.type === 'RUN' ? 'run' : 'other', distanceM: run.metres },
    vendorVersion: 0,
    supersession: 0,
    series: null,
    file: null,
  };
}

function read({ bytes }: EnvelopeView): Run {
  const run = JSON.parse(text(bytes)) as Partial<Run> | null;
  const isWhole =
    typeof run?.id === 'string' &&
    run.id !== '' &&
    typeof run.metres === 'number' &&
    run.metres >= 0 &&
    run.metres < 1e6;
  if (!isWhole) throw new Error('not a run');
  return run as Run;
}

function stride(more: Partial<ProviderAdapter> = {}): ProviderAdapter {
  return {
    id: 'stride',
    displayName: 'Stride',
    variant: null,
    lifecycle: { state: 'available' },
    mappingVersion: 1,
    streams: {
      runs: {
        kinds: ['activity'],
        acquisition: new Set(['inline_push']),
        permission: null,
        time: { instant: 'utc_with_offset', day: 'start' },
        expectedLatencyS: null,
        provisional: false,
        ambiguousOwner: false,
      },
    },
    hosts: {},
    limits: [],
    policy: {
      retentionDays: null,
      aiUse: 'allowed',
      merging: 'allowed',
      audience: 'any',
      attribution: null,
      deleteOnDisconnect: false,
      region: null,
    },
    history: { type: 'all' },
    auth: { type: 'none' },
    webhook: webhook(split),
    normalise: (envelope) => ({ claims: [claimOf(read(envelope))], notes: [] }),
    ...more,
  };
}

function webhook(by: (delivery: DeliveryView) => SplitResult): NonNullable<ProviderAdapter['webhook']> {
  return {
    maxBytes: 1e6,
    secret: 'path',
    keepHeaders: [],
    verify: () => 'unverifiable',
    answer: { status: 200 },
    deadlineS: 30,
    split: by,
  };
}

const fixtures: ProviderFixtures = {
  enums: ['type'],
  deliveries: [
    {
      name: 'two runs',
      delivery: {
        route: 'webhook',
        headers: {},
        ref: {},
        identity: null,
        bytes: new TextEncoder().encode(
          JSON.stringify({
            runs: [
              { user: 'u1', id: 'r1', type: 'RUN', metres: 5000 },
              { user: 'u2', id: 'r2', type: 'RUN', metres: 800 },
            ],
          }),
        ),
      },
    },
  ],
};

/** Names of the laws an adapter breaks. */
async function broken(adapter: ProviderAdapter): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of providerLaws(adapter, fixtures)) {
    await run().catch(() => names.push(name.replace('stride: ', '')));
  }
  return names;
}

const normalising = (change: (claim: ClaimDraft, run: Run) => ClaimDraft) =>
  stride({
    normalise(envelope) {
      const run = read(envelope);
      return { claims: [change(claimOf(run), run)], notes: [] };
    },
  });
let count = 0;

describe('the laws of a provider', () => {
  it('hold for an adapter that keeps them, and leave the clock as it was', async () => {
    expect(await broken(stride())).toEqual([]);
    expect(Date.now()).toBeGreaterThan(1e12);
    expect(Math.random()).toBeLessThan(1);
  });

  it.each<[string, ProviderAdapter, string]>([
    ['has no displayName', stride({ displayName: '' }), 'the adapter has every member its contract asks for'],
    [
      'reads nothing',
      stride({ normalise: () => ({ claims: [], notes: [] }) }),
      'the recordings bring at least one claim',
    ],
    [
      'splits by the clock',
      stride({
        webhook: webhook((delivery) => ({
          ...split(delivery),
          problems: [{ at: String(Date.now()), what: '', bytes: delivery.bytes }],
        })),
      }),
      'split gives the same twice, and leaves the delivery as it was',
    ],
    [
      'writes into the delivery',
      stride({
        webhook: webhook((delivery) => {
          const result = split(delivery);
          delivery.bytes.fill(32, delivery.bytes.length - 1);
          return result;
        }),
      }),
      'split gives the same twice, and leaves the delivery as it was',
    ],
    [
      'throws over garbage',
      stride({ webhook: webhook((delivery) => (JSON.parse(text(delivery.bytes)) as object) && split(delivery)) }),
      'split survives whatever arrives',
    ],
    [
      'splits into a stream it did not declare',
      stride({
        webhook: webhook((delivery) => ({
          ...split(delivery),
          envelopes: split(delivery).envelopes.map((each) => ({ ...each, stream: 'naps' })),
        })),
      }),
      'split names a declared stream and an account for every item, and no secret',
    ],
    [
      'keeps a token in a ref',
      stride({
        webhook: webhook((delivery) => ({
          ...split(delivery),
          envelopes: split(delivery).envelopes.map((each) => ({ ...each, ref: { url: 'https://x.test/?token=abc' } })),
        })),
      }),
      'split names a declared stream and an account for every item, and no secret',
    ],
    [
      'scrubs more each time',
      stride({
        scrub: (_, bytes) => bytes.slice(0, -1),
        normalise: () => ({ claims: [claimOf({ user: '', id: 'x', type: 'RUN', metres: 1 })], notes: [] }),
      }),
      'scrub gives the same twice, and finds nothing left the second time',
    ],
    [
      'reads the clock',
      normalising((claim) => ({ ...claim, supersession: new Date().getUTCFullYear() })),
      'normalise gives the same twice, in any order, and leaves the envelope as it was',
    ],
    [
      'draws lots',
      normalising((claim) => ({ ...claim, supersession: Math.random() })),
      'normalise gives the same twice, in any order, and leaves the envelope as it was',
    ],
    [
      'remembers what it read before',
      normalising((claim) => {
        count += 1;
        return { ...claim, supersession: count };
      }),
      'normalise gives the same twice, in any order, and leaves the envelope as it was',
    ],
    [
      'throws texts',
      stride({
        normalise(envelope) {
          try {
            return { claims: [claimOf(read(envelope))], notes: [] };
          } catch {
            throw 'unreadable';
          }
        },
      }),
      'normalise fails with an Error or reads what it can',
    ],
    [
      'claims a kind its stream has not',
      normalising((claim) => ({ ...claim, kind: 'sleep' })),
      'every claim fits its kind, and no two of an envelope have one key',
    ],
    [
      'claims without an id',
      normalising((claim) => ({ ...claim, externalId: ' ' })),
      'every claim fits its kind, and no two of an envelope have one key',
    ],
    [
      'claims a field nobody knows',
      normalising((claim) => ({ ...claim, fields: { steps: 1 } })),
      'every claim fits its kind, and no two of an envelope have one key',
    ],
    [
      'claims a value out of range',
      normalising((claim) => ({ ...claim, fields: { distanceM: -1 } })),
      'every claim fits its kind, and no two of an envelope have one key',
    ],
    [
      'claims what is no JSON',
      normalising((claim) => ({ ...claim, fields: { distanceM: Number.NaN } })),
      'every claim fits its kind, and no two of an envelope have one key',
    ],
    [
      'says one thing twice',
      stride({ normalise: (envelope) => ({ claims: [claimOf(read(envelope)), claimOf(read(envelope))], notes: [] }) }),
      'every claim fits its kind, and no two of an envelope have one key',
    ],
    [
      'claims a token',
      normalising((claim) => ({ ...claim, groupKey: 'Bearer abcdefghijkl' })),
      'claims and notes hold nothing that looks like a token',
    ],
    [
      'takes new members for values',
      normalising((claim, run) => ({ ...claim, fields: { distanceM: Object.keys(run).length } })),
      'members the vendor adds change no claim',
    ],
    [
      'drops what it does not know',
      stride({
        normalise(envelope) {
          const run = read(envelope);
          return { claims: run.type === 'RUN' ? [claimOf(run)] : [], notes: [] };
        },
      }),
      'enum values the vendor adds lose no claim',
    ],
  ])('catch an adapter that %s', async (_, adapter, name) => {
    expect(await broken(adapter)).toContain(name);
  });
});
