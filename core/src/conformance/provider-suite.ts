/**
 * What every provider adapter owes to the hub, checked with recordings of its vendor. Pure parts only: how it talks to
 * the vendor is shown against its fake.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ProviderShape } from '../plugin/contract-shape.ts';
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { DeliveryView, EnvelopeView, Normalised, SplitEnvelope, SplitResult } from '../provider/envelope.ts';
import type { Law } from './law.ts';
import { assertClaimFits, assertKeysDiffer, assertNoSecrets } from './provider/claim-check.ts';
import { withoutHiddenInputs } from './provider/hidden-inputs.ts';
import { bytesOf, garbage, jsonIn, withNewEnumValue, withNewMembers } from './provider/variants.ts';

export interface ProviderFixtures {
  /** Recorded requests and answers; several streams and routes, the more the better. */
  deliveries: { name: string; delivery: DeliveryView }[];
  /** Envelopes that no delivery brings, for example files. */
  envelopes?: { name: string; envelope: EnvelopeView }[];
  /** Members, by name, whose texts are enums the vendor may add to. */
  enums?: string[];
}

/** A named envelope of the recordings. */
interface Sample {
  name: string;
  envelope: EnvelopeView;
}

/** One law per obligation; each throws when the adapter breaks it. */
export function providerLaws(adapter: ProviderAdapter, fixtures: ProviderFixtures): Law[] {
  const law = (name: string, body: () => void): Law => ({ name: `${adapter.id}: ${name}`, run: async () => body() });
  const split = (delivery: DeliveryView) => splitWith(adapter, delivery);
  const samples = () => [
    ...fixtures.deliveries.flatMap(({ name, delivery }) => samplesOf(adapter, name, split(delivery))),
    ...(fixtures.envelopes ?? []),
  ];
  const jsonDeliveries = () =>
    fixtures.deliveries.flatMap(({ name, delivery }) => {
      const json = jsonIn(delivery.bytes);
      return json === undefined ? [] : [{ name, delivery, json }];
    });

  return [
    law('the adapter has every member its contract asks for', () => {
      const parsed = ProviderShape.safeParse(adapter);
      assert.ok(
        parsed.success,
        parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
      );
    }),

    law('the recordings bring at least one claim', () => {
      assert.ok(samples().some(({ envelope }) => adapter.normalise(envelope).claims.length > 0));
    }),

    law('split gives the same twice, and leaves the delivery as it was', () => {
      for (const { name, delivery } of fixtures.deliveries) {
        const copy = { ...delivery, bytes: delivery.bytes.slice() };
        assertPure(name, copy.bytes, () => adapter.webhook?.split(copy));
      }
    }),

    law('split survives whatever arrives', () => {
      const recorded = fixtures.deliveries.map(({ delivery }) => delivery.bytes);
      for (const bytes of adapter.webhook ? garbage(recorded) : []) {
        for (const route of ['webhook', 'fetch'] as const) {
          const result = split({ route, headers: {}, bytes, ref: {}, identity: route === 'fetch' ? 'somebody' : null });
          assertSplitFits(adapter, `garbage (${bytes.length} bytes, ${route})`, result);
        }
      }
    }),

    law('split names a declared stream and an account for every item, and no secret', () => {
      for (const { name, delivery } of fixtures.deliveries) assertSplitFits(adapter, name, split(delivery));
    }),

    law('scrub gives the same twice, and finds nothing left the second time', () => {
      const { scrub } = adapter;
      if (!scrub) return;
      for (const { name, envelope } of samples()) {
        assertPure(name, envelope.bytes, () => scrub(envelope.stream, envelope.bytes));
        const once = scrub(envelope.stream, envelope.bytes);
        assert.deepEqual(
          Buffer.from(scrub(envelope.stream, once)),
          Buffer.from(once),
          `${name}: scrubbing twice removes more`,
        );
      }
    }),

    law('normalise gives the same twice, in any order, and leaves the envelope as it was', () => {
      const all = samples();
      const forward = all.map(({ name, envelope }) =>
        assertPure(name, envelope.bytes, () => adapter.normalise(envelope)),
      );
      const backward = [...all].reverse().map(({ envelope }) => adapter.normalise(envelope));
      assert.deepEqual(backward.reverse(), forward, 'the order in which envelopes are read changes what they mean');
    }),

    law('normalise fails with an Error or reads what it can', () => {
      for (const { name, envelope } of samples()) {
        for (const bytes of garbage([envelope.bytes])) assertReadsOrFails(adapter, name, { ...envelope, bytes });
      }
    }),

    law('every claim fits its kind, and no two of an envelope have one key', () => {
      for (const { envelope } of samples()) {
        const { claims } = adapter.normalise(envelope);
        for (const claim of claims) assertClaimFits(claim, streamOf(adapter, envelope.stream));
        assertKeysDiffer(claims);
      }
    }),

    law('claims and notes hold nothing that looks like a token', () => {
      for (const { name, envelope } of samples()) {
        const { claims, notes } = adapter.normalise(envelope);
        assertNoSecrets(`${name}: a claim`, claims);
        assertNoSecrets(`${name}: a note`, notes);
      }
    }),

    law('members the vendor adds change no claim', () => {
      for (const { name, delivery, json } of jsonDeliveries()) {
        const changed = { ...delivery, bytes: bytesOf(withNewMembers(json)) };
        assert.deepEqual(statements(adapter, split(changed)), statements(adapter, split(delivery)), name);
      }
    }),

    law('enum values the vendor adds lose no claim', () => {
      for (const { name, delivery, json } of jsonDeliveries()) {
        for (const member of fixtures.enums ?? []) {
          const changed = { ...delivery, bytes: bytesOf(withNewEnumValue(json, member)) };
          const [before, after] = [statements(adapter, split(delivery)), statements(adapter, split(changed))];
          assert.equal(after.length, before.length, `${name}: a new value of "${member}" loses claims`);
        }
      }
    }),
  ];
}

function splitWith({ webhook }: ProviderAdapter, delivery: DeliveryView): SplitResult {
  // A copy: an adapter that writes into its input breaks one law, not every one after it.
  return webhook?.split({ ...delivery, bytes: delivery.bytes.slice() }) ?? { envelopes: [], notices: [], problems: [] };
}

/** Envelopes as the host would store them. */
function samplesOf(adapter: ProviderAdapter, name: string, { envelopes }: SplitResult): Sample[] {
  return envelopes.map((item, index) => ({ name: `${name}[${index}]`, envelope: stored(adapter, item) }));
}

function stored({ scrub }: ProviderAdapter, { stream, externalId, bytes, ref }: SplitEnvelope): EnvelopeView {
  const kept = scrub ? scrub(stream, bytes) : bytes;
  return { stream, externalId, ref, bytes: kept, sha256: createHash('sha256').update(kept).digest('hex') };
}

/** What claims say, without what follows from the bytes themselves. */
function statements(adapter: ProviderAdapter, result: SplitResult): unknown[] {
  return samplesOf(adapter, '', result).flatMap(({ envelope }) =>
    adapter
      .normalise(envelope)
      .claims.map(({ kind, externalId, form, part, fields }) => ({ kind, externalId, form, part, fields })),
  );
}

function assertPure<T>(name: string, bytes: Uint8Array, work: () => T): T {
  const before = Buffer.from(bytes);
  const first = withoutHiddenInputs(work);
  assert.deepEqual(withoutHiddenInputs(work), first, `${name}: the second answer differs from the first`);
  assert.ok(before.equals(bytes), `${name}: the bytes it was given were changed`);
  return first;
}

function assertSplitFits(adapter: ProviderAdapter, name: string, { envelopes, notices, problems }: SplitResult): void {
  for (const { stream, identity, ref } of envelopes) {
    streamOf(adapter, stream);
    assert.ok(typeof identity === 'string' && identity !== '', `${name}: an envelope names no account`);
    assertNoSecrets(`${name}: the ref of an envelope`, ref);
  }
  for (const notice of notices) {
    assert.ok(typeof notice.identity === 'string' && notice.identity !== '', `${name}: a notice names no account`);
    if ('stream' in notice) streamOf(adapter, notice.stream);
    if ('ref' in notice) assertNoSecrets(`${name}: the ref of a notice`, notice.ref);
  }
  assert.ok(Array.isArray(problems), `${name}: problems must be a list`);
}

function assertReadsOrFails(adapter: ProviderAdapter, name: string, envelope: EnvelopeView): void {
  let normalised: Normalised;
  try {
    normalised = adapter.normalise(envelope);
  } catch (error) {
    assert.ok(error instanceof Error, `${name}: it threw something that is no Error`);
    return;
  }
  for (const claim of normalised.claims) assertClaimFits(claim, streamOf(adapter, envelope.stream));
}

function streamOf({ streams }: ProviderAdapter, name: string) {
  const stream = Object.hasOwn(streams, name) ? streams[name] : undefined;
  assert.ok(stream, `the stream "${name}" is not declared`);
  return stream;
}
