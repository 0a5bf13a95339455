/** What an adapter could not read is kept, and read once it can, as if it had been read at first. */
import { createHash } from 'node:crypto';
import { INBOX_OWNER } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { readDatabase } from './hub-at-fake.test-support.ts';
import { type Edition, PLAIN_MAPPING, type StrideHub, strideHub } from './stride-hub.test-support.ts';

const FIXED: Edition = { mappingVersion: 1, mapping: PLAIN_MAPPING };
/** Fails on runs that are marked so, in the mapping and before it. */
const BROKEN: Edition = {
  mappingVersion: 1,
  mapping: `if (run.odd) throw new Error('odd'); ${PLAIN_MAPPING}`,
  refuses: "return item.unknown ? 'an unknown shape' : null;",
};

const metres = async (stage: StrideHub, athleteId: string) =>
  Object.values(await stage.activities(athleteId))
    .map((data) => (data as { distanceM: number }).distanceM)
    .sort((a, b) => a - b);

describe('an adapter that fails', () => {
  it('is fixed, its letters are replayed and marked, and replaying them again changes nothing', async () => {
    const stage = await strideHub(BROKEN);
    await stage.connect('ath_1', 'u1');
    await stage.accept([
      { user: 'u1', id: 'plain', metres: 1_000, at: '06:00' },
      { user: 'u1', id: 'odd', metres: 2_000, at: '08:00', odd: true },
      { user: 'u1', id: 'unknown', metres: 3_000, at: '10:00', unknown: true },
    ]);
    await stage.rest();
    expect(await metres(stage, 'ath_1')).toEqual([1_000]);
    const letters = await stage.hub().inbox.deadLetters({});
    expect(letters.map(({ stage: at }) => at).sort()).toEqual(['normalise', 'split']);
    // Before it is fixed a replay reads nothing and leaves the letters as they are.
    const failed = await stage.hub().inbox.replay({}, { dryRun: false });
    expect(failed.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);

    await stage.install(FIXED);
    const { inbox } = stage.hub();
    const foreseen = await inbox.replay({}, { dryRun: true });
    expect(foreseen.map(({ outcome, detail }) => `${outcome}: ${detail}`).sort()).toEqual([
      'would_replay: 1 activity.',
      'would_replay: 1 envelope, 0 notices.',
    ]);
    expect(await metres(stage, 'ath_1')).toEqual([1_000]);
    const done = await inbox.replay({}, { dryRun: false });
    expect(done.map(({ outcome }) => outcome)).toEqual(['replayed', 'replayed']);
    await stage.rest();
    expect(await metres(stage, 'ath_1')).toEqual([1_000, 2_000, 3_000]);
    expect(await inbox.countLetters({})).toEqual({ all: 2, unreplayed: 0 });

    const rev = await stage.rev('ath_1');
    expect(await inbox.replay({}, { dryRun: false })).toEqual([]);
    const again = await inbox.replay({ ids: letters.map(({ id }) => id) }, { dryRun: false });
    expect(again.map(({ outcome }) => outcome)).toEqual(['already_replayed', 'already_replayed']);
    await stage.rest();
    expect(await stage.rev('ath_1')).toBe(rev);
    expect(await inbox.countLetters({})).toEqual({ all: 2, unreplayed: 0 });
  });

  it('is replayed for one athlete, one connection, or from a day on', async () => {
    const stage = await strideHub(BROKEN);
    const connections = [await stage.connect('ath_1', 'u1'), await stage.connect('ath_2', 'u2')];
    for (const user of ['u1', 'u2']) await stage.accept([{ user, id: 'odd', metres: 2_000, odd: true }]);
    await stage.rest();
    const { inbox } = stage.hub();
    expect(await inbox.countLetters({ athleteId: 'ath_1' })).toEqual({ all: 1, unreplayed: 1 });
    expect(await inbox.countLetters({ connectionId: connections[1] })).toEqual({ all: 1, unreplayed: 1 });
    expect(await inbox.replay({ sinceMs: Date.now() + 60_000 }, { dryRun: true })).toEqual([]);
    await stage.install(FIXED);
    expect(await stage.hub().inbox.replay({ athleteId: 'ath_2' }, { dryRun: false })).toHaveLength(1);
    await stage.rest();
    expect([await metres(stage, 'ath_1'), await metres(stage, 'ath_2')]).toEqual([[], [2_000]]);
  });
});

describe('one item of a delivery that is replayed', () => {
  it.each([
    ['before', [{ unknown: true, metres: 1_000 }, { metres: 2_000 }], 2_000],
    ['after', [{ metres: 1_000 }, { unknown: true, metres: 2_000 }], 2_000],
    ['between', [{ metres: 1 }, { unknown: true, metres: 1_000 }, { metres: 2_000 }], 2_000],
  ])('counts where it stood, %s its neighbours', async (_place, items, expected) => {
    const stage = await strideHub(BROKEN);
    await stage.connect('ath_1', 'u1');
    await stage.accept(items.map((item) => ({ user: 'u1', id: 'same', ...item })));
    await stage.rest();
    await stage.install(FIXED);
    await stage.hub().inbox.replay({}, { dryRun: false });
    await stage.rest();
    expect(await metres(stage, 'ath_1')).toEqual([expected]);
  });

  it('keeps its place when it fails once more', async () => {
    const stage = await strideHub(BROKEN);
    await stage.connect('ath_1', 'u1');
    const same = { user: 'u1', id: 'same' };
    await stage.accept([
      { ...same, id: 'first', metres: 5 },
      { ...same, unknown: true, metres: 1_000 },
      { ...same, metres: 2_000 },
    ]);
    await stage.rest();
    const { store } = await stage.beside();
    const [letter] = await store.deadLetters({ limit: 1 });
    // As when an adapter reads it at the trial and not at the split.
    await store.storeDelivery({
      plugin: 'stride',
      route: 'webhook',
      headers: {},
      body: letter!.body,
      blobSha256: null,
      bytes: letter!.body!.length,
      receivedAtMs: 0,
      context: null,
      repeatsId: letter!.replay.repeatsId as number,
      repeatsPlace: letter!.replay.repeatsPlace as number,
    });
    await stage.rest();
    const [second] = await store.deadLetters({ limit: 1 });
    expect(second?.id).not.toBe(letter?.id);
    expect(second?.replay).toEqual(letter?.replay);
  });
});

describe('bytes another process is storing', () => {
  it('are not swept before the delivery that names them is there', async () => {
    const stage = await strideHub(FIXED);
    await stage.connect('ath_1', 'u1');
    const other = await stage.beside();
    const body = Buffer.from(
      JSON.stringify({ runs: [{ user: 'u1', id: 'a', metres: 1, filler: 'x'.repeat(100_000) }] }),
    );
    const blobSha256 = await other.blobs.put(INBOX_OWNER, body);
    // This process starts, and prunes.
    await stage.install(FIXED);
    await stage.rest();
    await stage.hub().retention.prune({ dryRun: false });
    await other.store.storeDelivery({
      plugin: 'stride',
      route: 'webhook',
      headers: {},
      body: null,
      blobSha256,
      bytes: body.length,
      receivedAtMs: Date.now(),
      context: null,
    });
    await stage.rest();
    expect(await metres(stage, 'ath_1')).toEqual([1]);
    // Once they are nobody's they go.
    stage.advance(2 * 3_600_000);
    await stage.hub().retention.prune({ dryRun: false });
    expect(await other.blobs.has({ athleteId: INBOX_OWNER, sha256: blobSha256 })).toBe(false);
  });
});

describe('an erased connection', () => {
  it('leaves no letter that names its account, of deliveries of many accounts too; those of others stay', async () => {
    const stage = await strideHub(BROKEN);
    const erased = await stage.connect('ath_1', 'account-of-one');
    await stage.connect('ath_2', 'account-of-two');
    const large = 'x'.repeat(200_000);
    await stage.accept('{"runs": [{"user": "account-of-one"');
    await stage.accept(`{"runs": [{"filler": "${large}", "user": "account-of-one"`);
    await stage.accept([{ user: 'account-of-one', id: 'a', metres: 1, unknown: true }]);
    await stage.accept([{ user: 'account-of-two', id: 'b', metres: 2, unknown: true }]);
    await stage.accept(`{"runs": [{"filler": "${large}", "user": "account-of-two"`);
    await stage.rest();
    expect((await stage.hub().inbox.counts()).deadLetters).toBe(5);
    await stage.hub().connect.disconnect({ athleteId: 'ath_1', connectionId: erased, erase: true });
    await stage.rest();
    const letters = await stage.hub().inbox.deadLetters({});
    expect(letters).toHaveLength(2);
    for (const { body } of letters) expect(String(body === null ? '' : Buffer.from(body))).not.toContain('of-one');
  });

  it('gets nothing back from a process that was reading for it', async () => {
    const stage = await strideHub(FIXED);
    const connectionId = await stage.connect('ath_1', 'u1');
    await stage.accept([{ user: 'u1', id: 'kept', metres: 1_000 }]);
    await stage.rest();
    // Another process has read the connection and made of a delivery what it makes of it …
    const other = await stage.beside();
    const bytes = Buffer.from(JSON.stringify({ user: 'u1', id: 'late', metres: 2_000 }));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const receivedAtMs = Date.now();
    const deliveryId = await other.store.storeDelivery({
      plugin: 'stride',
      route: 'fetch',
      headers: {},
      body: Buffer.from('{"runs": []}'),
      blobSha256: null,
      bytes: 12,
      receivedAtMs,
      context: { athleteId: 'ath_1', connectionId, generation: 1, ref: {} },
    });
    const owner = { athleteId: 'ath_1', plugin: 'stride', connectionId, generation: 1 };
    // … when the athlete has everything erased, and writes it after that.
    await stage.hub().connect.disconnect({ athleteId: 'ath_1', connectionId, erase: true });
    const envelope = { ...owner, stream: 'runs', externalId: 'late', sha256, body: bytes, blobSha256: null };
    await other.store.splitDelivery({
      deliveryId,
      envelopes: [{ ...envelope, bytes: bytes.length, receivedAtMs, ref: {} }],
      notices: [{ ...owner, sha256: 'n', outcome: { job: { task: 'inbox.fetch', payload: null } }, receivedAtMs }],
      deadLetters: [],
      unknownIdentities: 0,
    });
    await stage.rest();
    expect(await stage.activities('ath_1')).toEqual({});
    for (const table of ['envelope', 'notice', 'dead_letter', 'delivery']) {
      expect(readDatabase(stage.data, `select * from ${table}`), table).toEqual([]);
    }
  });
});
