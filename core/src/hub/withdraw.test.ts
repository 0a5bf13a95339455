import { describe, expect, it } from 'vitest';
import { applyClaims } from '../ledger/apply-claims.ts';
import { claim, run } from '../ledger/claim.test-support.ts';
import { type Claim, claimKeyOf } from '../ledger/claim.ts';
import { memoryStore } from '../ledger/memory-store.test-support.ts';
import type { ConnectionRow } from '../store/connection-store.ts';
import { createBytesGate } from './bytes-gate.ts';
import { withdrawConnection, withdrawThing } from './withdraw.ts';

const connection = { athleteId: 'a', connectionId: 'con_1', plugin: 'stride', generation: 1 } as ConnectionRow;

function stage() {
  const memory = memoryStore();
  memory.connections.set('con_1', { generation: 1, state: 'connected' });
  let drawn = 0;
  const random = { bytes: (count: number) => new Uint8Array(count).fill(++drawn), next: () => 0.5, uuid: () => 'u' };
  const store = {
    withAthleteChange: memory.withAthleteChange,
    async claimHolders(_athleteId: string, prefix: string, after: string, limit: number) {
      return [...memory.stored.values()]
        .flatMap(({ kind, id, state }) => Object.keys(state.claims).map((claimKey) => ({ claimKey, kind, id })))
        .filter(({ claimKey }) => claimKey.startsWith(prefix) && claimKey > after)
        .sort((a, b) => (a.claimKey < b.claimKey ? -1 : 1))
        .slice(0, limit);
    },
    object: async (_athleteId: string, kind: string, id: string) => memory.stored.get(`${kind}/${id}`) ?? null,
  };
  const plugins = { provider: () => ({ adapter: { mappingVersion: 1, streams: { runs: { kinds: ['activity'] } } } }) };
  const parts = { store, plugins, random } as unknown as Parameters<typeof withdrawThing>[0];
  let made = 0;
  const say = (claims: Claim[]) =>
    applyClaims(
      memory as unknown as Parameters<typeof applyClaims>[0],
      { athleteId: 'a', claims, generations: [], envelopesDone: [] },
      { newId: () => `act_${++made}` },
    );
  const end = () => memory.connections.set('con_1', { generation: 2, state: 'disconnected' });
  const live = () => [...memory.stored.values()].filter(({ deleted }) => !deleted).length;
  return { say, live, end, withdraw: (receipt: number) => withdrawThing(parts, connection, 'runs', '7', receipt) };
}

function told(part: number, order: Partial<Claim['order']>, start: string): Claim {
  const place = { kind: 'activity' as const, provider: 'stride', connectionId: 'con_1', externalId: '7', part };
  const base = claim(run({ startedAt: start }), { ...place, form: 'summary' });
  return {
    ...base,
    claimKey: claimKeyOf(base),
    identities: [],
    order: { vendorVersion: 0, supersession: 0, receipt: 10, mappingVersion: 1, ...order },
  };
}

describe('a thing the provider deleted', () => {
  it('goes in every part, whatever version the vendor gave it', async () => {
    const { say, live, withdraw } = stage();
    await say([
      told(1, { vendorVersion: 5, supersession: 600 }, '2026-05-02T06:00:00.000Z'),
      told(2, { vendorVersion: 5 }, '2026-05-03T12:00:00.000Z'),
    ]);
    expect(live()).toBe(2);
    await withdraw(11);
    expect(live()).toBe(0);
  });

  it('stays when it was said after the deletion', async () => {
    const { say, live, withdraw } = stage();
    await say([told(0, { vendorVersion: 5 }, '2026-05-02T06:00:00.000Z')]);
    await withdraw(9);
    expect(live()).toBe(1);
  });

  it('is left to who erases the connection, once that has ended', async () => {
    const { say, live, end, withdraw } = stage();
    await say([told(0, {}, '2026-05-02T06:00:00.000Z')]);
    end();
    await withdraw(11);
    expect(live()).toBe(1);
  });

  it('does not come back by what was received before the deletion', async () => {
    const { say, live, withdraw } = stage();
    await withdraw(11);
    await say([told(0, {}, '2026-05-02T06:00:00.000Z')]);
    expect(live()).toBe(0);
  });
});

describe('an erased connection', () => {
  it('leaves its bytes until nothing of the athlete is being stored: an import may be about to name them', async () => {
    const bytesGate = createBytesGate();
    const deleted: string[] = [];
    const parts = {
      bytesGate,
      store: {
        connectionBlobs: async () => new Set(['shared', 'own']),
        eraseInbox: async () => {},
        unreplayedLetters: async () => [],
        deadLetters: async () => [],
        connectionsByIdentity: async () => [],
        claimHolders: async () => [],
        envelopeBlobs: async () => new Set(imported),
      },
      blobs: { delete: async ({ sha256 }: { sha256: string }) => void deleted.push(sha256) },
      queue: { enqueue: async () => {} },
      clock: { now: () => 0 },
    };
    const imported: string[] = [];
    let erasing: Promise<void> | undefined;
    await bytesGate.storing(['a'], async () => {
      erasing = withdrawConnection(parts as never, { ...connection, identity: null });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(deleted).toEqual([]);
      imported.push('shared');
    });
    await erasing;
    expect(deleted).toEqual(['own']);
  });
});
