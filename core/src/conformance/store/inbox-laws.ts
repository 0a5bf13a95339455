/** What every store owes to what came in. */
import assert from 'node:assert/strict';
import type { NewEnvelope, NewNotice, SplitWrite } from '../../store/inbox-store.ts';
import type { SyncStore } from '../../store/sync-store.ts';
import type { Law } from '../law.ts';
import { ATHLETE, change, connection, deadLetter, delivery, envelope, OTHER_ATHLETE } from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

export function inboxLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) =>
    lawIn(newPlace, `inbox: ${name}`, async (bench) => {
      await bench.store.ensureAthlete(ATHLETE);
      await body(bench);
    });

  return [
    law('acknowledged deliveries are there after reopening, in the order of receipt', async ({ store, reopen }) => {
      const body = Uint8Array.from({ length: 256 }, (_, at) => at);
      const context = {
        athleteId: ATHLETE,
        connectionId: 'con_1',
        generation: 2,
        ref: { page: 3, last: true, at: null },
      };
      const sent = [
        delivery({ body, bytes: 256 }),
        delivery({ body: null, blobSha256: 'f'.repeat(64), bytes: 100_000 }),
        delivery({ route: 'fetch', context, repeatsId: 1, repeatsPlace: 4 }),
      ];
      const ids = await Promise.all(sent.map((each) => store.storeDelivery(each)));
      assert.deepEqual(
        ids,
        [...ids].sort((a, b) => a - b),
      );
      const again = await reopen();
      const stored = await again.store.nextDeliveries(10);
      assert.deepEqual(
        stored.map(({ body: bytes, ...rest }) => ({ ...rest, body: bytes && [...bytes] })),
        sent.map(({ body: bytes, ...rest }, at) => ({
          repeatsId: null,
          repeatsPlace: null,
          ...rest,
          id: ids[at],
          body: bytes && [...bytes],
        })),
      );
      assert.equal((await again.store.nextDeliveries(2)).length, 2);
    }),

    law('splitting twice stores once', async ({ store, queue }) => {
      const deliveryId = await store.storeDelivery(delivery());
      const write = splitOf(deliveryId, [envelope('a'), envelope('b')], {
        notices: [notice('ping')],
        deadLetters: [deadLetter()],
        unknownIdentities: 2,
      });
      const answers = await Promise.all([store.splitDelivery(write), store.splitDelivery(write)]);
      assert.deepEqual(
        answers.map(({ envelopeIds }) => envelopeIds.length),
        [2, 0],
      );
      assert.deepEqual(await store.inboxCounts(), {
        deliveries: 0,
        envelopesNew: 2,
        envelopesDead: 0,
        deadLetters: 1,
        unknownIdentities: 2,
      });
      assert.equal((await queue.counts()).ready, 1);
    }),

    law('the same statement is stored once even when it comes again after a newer one', async ({ store }) => {
      assert.equal((await receive(store, envelope('first'))).envelopeIds.length, 1);
      assert.equal((await receive(store, envelope('newer'))).envelopeIds.length, 1);
      assert.deepEqual(await receive(store, envelope('first')), { envelopeIds: [], duplicates: 1 });
      assert.deepEqual(
        (await store.nextEnvelopes(10)).map(({ sha256 }) => sha256),
        ['first', 'newer'],
      );
    }),

    law('twice in one delivery is once', async ({ store }) => {
      const deliveryId = await store.storeDelivery(delivery());
      const answer = await store.splitDelivery(splitOf(deliveryId, [envelope('a'), envelope('a'), envelope('b')]));
      assert.deepEqual([answer.envelopeIds.length, answer.duplicates], [2, 1]);
    }),

    law('the same bytes of another source, stream or thing are another statement', async ({ store }) => {
      const sources: Partial<NewEnvelope>[] = [
        {},
        { connectionId: 'con_2' },
        { generation: 7 },
        { connectionId: null },
        { connectionId: null, athleteId: OTHER_ATHLETE },
        { stream: 'dailies' },
        { externalId: 'act-2' },
        { externalId: null },
        { plugin: 'files' },
      ];
      for (const over of [...sources, ...sources]) await receive(store, envelope('same', over));
      assert.equal((await store.nextEnvelopes(50)).length, sources.length);
    }),

    law('receipt numbers follow the order of receipt, whichever is split first', async ({ store }) => {
      const [earlier, later] = [await store.storeDelivery(delivery()), await store.storeDelivery(delivery())];
      await store.splitDelivery(splitOf(later, [envelope('c'), envelope('d')]));
      await store.splitDelivery(splitOf(earlier, [envelope('a'), envelope('b')]));
      const read = await store.nextEnvelopes(10);
      assert.deepEqual(
        read.map(({ sha256 }) => sha256),
        ['a', 'b', 'c', 'd'],
      );
      assert.ok(read.every(({ receipt }, at) => at === 0 || receipt > read[at - 1]!.receipt));
    }),

    law('what a repeated delivery holds counts from the first one’s receipt', async ({ store }) => {
      const first = await store.storeDelivery(delivery());
      await store.splitDelivery(splitOf(first, [], { deadLetters: [deadLetter()] }));
      await receive(store, envelope('newer'));
      const repeated = await store.storeDelivery(delivery({ repeatsId: first }));
      await store.splitDelivery(splitOf(repeated, [envelope('older')]));
      assert.deepEqual(
        (await store.nextEnvelopes(10)).map(({ sha256 }) => sha256),
        ['older', 'newer'],
      );
    }),

    law('an item that is replayed counts where it stood among the items of its delivery', async ({ store }) => {
      const first = await store.storeDelivery(delivery());
      const neighbours = [envelope('before', { place: 0 }), envelope('after', { place: 2 })];
      await store.splitDelivery(splitOf(first, neighbours, { deadLetters: [deadLetter()] }));
      const repeated = await store.storeDelivery(delivery({ repeatsId: first, repeatsPlace: 1 }));
      await store.splitDelivery(splitOf(repeated, [envelope('between', { place: 0 })]));
      const read = await store.nextEnvelopes(10);
      assert.deepEqual(
        read.map(({ sha256 }) => sha256),
        ['before', 'between', 'after'],
      );
      assert.equal(new Set(read.map(({ receipt }) => receipt)).size, 3);
    }),

    law('nothing is stored that came under an authorisation that has ended', async ({ store, queue }) => {
      await store.saveConnection(connection({ generation: 2 }), null);
      const late = { connectionId: 'con_1', generation: 1 };
      const deliveryId = await store.storeDelivery(delivery());
      const letters = [deadLetter(late), deadLetter({ connectionId: 'con_1', generation: 2 })];
      const answer = await store.splitDelivery(
        splitOf(deliveryId, [envelope('late', late), envelope('present', { generation: 2 })], {
          notices: [notice('late'), notice('present', 2)],
          deadLetters: letters,
        }),
      );
      assert.equal(answer.envelopeIds.length, 1);
      assert.equal(await store.storeDeadLetter(deadLetter(late)), null);
      assert.deepEqual(
        (await store.nextEnvelopes(10)).map(({ sha256 }) => sha256),
        ['present'],
      );
      assert.equal((await queue.counts()).ready, 1);
      assert.deepEqual(await store.countLetters({}), { all: 1, unreplayed: 1 });
    }),

    law('envelopes that an older mapping read are walked newest first, once read no more', async ({ store }) => {
      const ids: number[] = [];
      for (const name of ['a', 'b', 'c', 'd']) {
        ids.push((await receive(store, envelope(name, { externalId: name }))).envelopeIds[0]!);
      }
      const [a, b, c, d] = ids as [number, number, number, number];
      await receive(store, envelope('other', { plugin: 'skies' }));
      await store.ensureAthlete(OTHER_ATHLETE);
      const theirs = (await receive(store, envelope('e', { athleteId: OTHER_ATHLETE, stream: 'dailies' })))
        .envelopeIds[0]!;
      const done = (id: number, mappingVersion: number) => [{ id, notes: [], mappingVersion }];
      for (const id of [a, b, c]) await change(store, { envelopesDone: done(id, 1) });
      await change(store, { envelopesDone: done(theirs, 1) }, OTHER_ATHLETE);
      const filter = { plugin: 'stride', mappingVersion: 2 };
      const page = async (over: object, after: { receipt: number; id: number } | null = null, limit = 10) =>
        (await store.envelopesToReadAnew({ ...filter, ...over }, after, limit)).map(({ id }) => id);
      assert.deepEqual(await page({}), [theirs, c, b, a]);
      assert.deepEqual(await page({}, null, 2), [theirs, c]);
      assert.deepEqual(await page({}, await store.envelope(c), 2), [b, a]);
      assert.deepEqual(await page({ athleteId: ATHLETE }), [c, b, a]);
      assert.deepEqual(await page({ stream: 'dailies' }), [theirs]);
      assert.deepEqual(await page({ sinceMs: Date.UTC(2026, 2, 2) }), []);
      assert.deepEqual(await page({ mappingVersion: 1 }), []);
      assert.deepEqual(await store.athletesToReadAnew(filter), [ATHLETE, OTHER_ATHLETE]);
      assert.deepEqual(await store.countToReadAnew(filter), { envelopes: 4, withoutBytes: 0 });
      await change(store, { envelopesDone: done(b, 2) });
      await change(store, { envelopesDone: done(d, 2) });
      assert.deepEqual(await page({ athleteId: ATHLETE }), [c, a]);
    }),

    law('letters are found by whose they are and when they came, page by page, and counted', async ({ store }) => {
      const day = (date: number) => Date.UTC(2026, 2, date);
      const ids: number[] = [];
      for (const [at, athleteId] of [ATHLETE, null, OTHER_ATHLETE, ATHLETE, null].entries()) {
        const connectionId = athleteId === null ? null : `con_${athleteId}`;
        ids.push((await store.storeDeadLetter(deadLetter({ athleteId, connectionId, atMs: day(at + 1) })))!);
      }
      await store.markReplayed(ids[3]!, day(9));
      const found = async (filter: object) =>
        (await store.deadLetters({ limit: 10, ...filter })).map(({ id }) => ids.indexOf(id));
      assert.deepEqual(await found({ athleteId: ATHLETE }), [3, 0]);
      assert.deepEqual(await found({ connectionId: `con_${OTHER_ATHLETE}` }), [2]);
      assert.deepEqual(await found({ sinceMs: day(4) }), [4, 3]);
      assert.deepEqual(await found({ limit: 2 }), [4, 3]);
      assert.deepEqual(await found({ limit: 2, beforeId: ids[3] }), [2, 1]);
      assert.deepEqual(await store.countLetters({}), { all: 5, unreplayed: 4 });
      assert.deepEqual(await store.countLetters({ athleteId: ATHLETE }), { all: 2, unreplayed: 1 });
      const waiting = await store.unreplayedLetters({ athleteId: ATHLETE, afterId: 0, limit: 10 });
      assert.deepEqual(
        waiting.map(({ id }) => ids.indexOf(id)),
        [0],
      );
      await store.removeLetters([ids[0]!, ids[4]!]);
      assert.deepEqual(await found({}), [3, 2, 1]);
    }),

    law('every byte that a delivery or a letter needs is named', async ({ store }) => {
      const [waiting, split, buried] = ['a', 'b', 'c'].map((char) => char.repeat(64)) as [string, string, string];
      await store.storeDelivery(delivery({ body: null, blobSha256: waiting }));
      const gone = await store.storeDelivery(delivery({ body: null, blobSha256: split }));
      await store.splitDelivery(splitOf(gone, [], { deadLetters: [deadLetter({ body: null, blobSha256: buried })] }));
      assert.deepEqual(await store.inboxBlobs(), new Set([waiting, buried]));
    }),

    law('erasing a connection takes what came in by its past generations', async ({ store, queue }) => {
      const blobSha256 = 'd'.repeat(64);
      await receive(store, envelope('old', { body: null, blobSha256 }));
      await receive(store, envelope('new', { generation: 2 }));
      await receive(store, envelope('other', { connectionId: 'con_2' }));
      await store.storeDeadLetter(deadLetter({ connectionId: 'con_1' }));
      const kept = await store.storeDeadLetter(deadLetter());
      const ping = async () =>
        store.splitDelivery(splitOf(await store.storeDelivery(delivery()), [], { notices: [notice('ping')] }));
      await ping();
      assert.deepEqual(await store.envelopeBlobs(ATHLETE), new Set(['old', 'new', 'other', blobSha256]));

      assert.deepEqual(await store.connectionBlobs('con_1', 2), new Set(['old', blobSha256]));
      await store.eraseInbox('con_1', 2);
      assert.deepEqual(await store.envelopeBlobs(ATHLETE), new Set(['new', 'other']));
      assert.deepEqual(
        (await store.deadLetters({ limit: 10 })).map(({ id }) => id),
        [kept],
      );
      await ping();
      assert.equal((await queue.counts()).ready, 2);
    }),

    law('letters nobody has replayed are walked from the oldest on', async ({ store }) => {
      const ids: number[] = [];
      for (let at = 0; at < 5; at++) ids.push((await store.storeDeadLetter(deadLetter()))!);
      const skies = await store.storeDeadLetter(deadLetter({ plugin: 'skies' }));
      await store.markReplayed(ids[1]!, 77);
      const page = async (afterId: number, plugin?: string) =>
        (await store.unreplayedLetters({ plugin, afterId, limit: 3 })).map(({ id }) => id);
      assert.deepEqual(await page(0), [ids[0], ids[2], ids[3]]);
      assert.deepEqual(await page(ids[3]!), [ids[4], skies]);
      assert.deepEqual(await page(0, 'skies'), [skies]);
    }),

    law('a receipt number is never given out twice', async ({ store, reopen }) => {
      await receive(store, envelope('a'));
      await store.storeImport(delivery(), envelope('b'));
      const again = await reopen();
      await receive(again.store, envelope('c'));
      const receipts = (await again.store.nextEnvelopes(10)).map(({ receipt }) => receipt);
      assert.equal(new Set(receipts).size, 3);
    }),

    law('an envelope is kept as it is', async ({ store, reopen }) => {
      const body = Uint8Array.from({ length: 256 }, (_, at) => 255 - at);
      const sent = envelope('a', { body, bytes: 256, ref: { type: 'daily', part: 2, last: false, none: null } });
      const { envelopeIds } = await receive(store, sent);
      const stored = await (await reopen()).store.envelope(envelopeIds[0]!);
      const { id, receipt, state, body: bytes, ...rest } = stored!;
      assert.ok(id > 0 && receipt > 0);
      assert.equal(state, 'new');
      assert.deepEqual([...bytes!], [...body]);
      assert.deepEqual({ ...rest, body }, sent);
    }),

    law('the same notice brings one job, and one more in the next generation', async ({ store, queue }) => {
      for (const each of [notice('ping'), notice('ping'), notice('other'), notice('ping', 2)]) {
        const deliveryId = await store.storeDelivery(delivery());
        await store.splitDelivery(splitOf(deliveryId, [], { notices: [each] }));
      }
      assert.equal((await queue.counts()).ready, 3);
    }),

    law('a notice that must not be acted on leaves one letter and one line in the audit', async ({ store, queue }) => {
      const letter = deadLetter({ stage: 'fetch', code: 'egress_refused', connectionId: 'con_1' });
      const audit = { atMs: letter.atMs, athleteId: ATHLETE, actor: 'provider:stride', action: 'refused', params: {} };
      for (const refused of [notice('ping'), notice('ping'), notice('other')]) {
        const deliveryId = await store.storeDelivery(delivery());
        const notices = [{ ...refused, outcome: { letter, audit } }];
        await store.splitDelivery(splitOf(deliveryId, [], { notices }));
      }
      const letters = await store.deadLetters({ code: 'egress_refused', limit: 10 });
      assert.equal(letters.length, 2);
      assert.deepEqual(await store.auditOf({ limit: 10 }), [audit, audit]);
      assert.equal((await queue.counts()).ready, 0);
    }),

    law('an import is stored in one go, and known when it comes again', async ({ store }) => {
      const file = envelope('file', { plugin: 'files', connectionId: null });
      const first = await store.storeImport(delivery({ route: 'import' }), file);
      const again = await store.storeImport(delivery({ route: 'import' }), file);
      assert.equal(first.duplicate, false);
      assert.deepEqual(again, { ...first, duplicate: true });
      const { deliveries, envelopesNew } = await store.inboxCounts();
      assert.deepEqual({ deliveries, envelopesNew }, { deliveries: 0, envelopesNew: 1 });
    }),

    law('an envelope is found by what it states, and no other is taken for it', async ({ store }) => {
      const file = envelope('file', { plugin: 'files', connectionId: null });
      assert.equal(await store.sameEnvelope(file), null);
      const { envelopeId } = await store.storeImport(delivery({ route: 'import' }), file);
      const found = await store.sameEnvelope({ ...file, receivedAtMs: 99 } as typeof file);
      assert.deepEqual(
        { id: found?.id, state: found?.state, ref: found?.ref },
        { id: envelopeId, state: 'new', ref: file.ref },
      );
      const others = [{ athleteId: 'somebody' }, { sha256: 'other' }, { stream: 'other' }, { externalId: null }];
      for (const other of others) assert.equal(await store.sameEnvelope({ ...file, ...other }), null);
    }),

    law('its length is what waits to be split and to be read', async ({ store }) => {
      assert.equal(await store.inboxLength(), 0);
      const { envelopeIds } = await receive(store, envelope('a'));
      await receive(store, envelope('b'));
      await store.storeDelivery(delivery());
      assert.equal(await store.inboxLength(), 3);
      await store.failEnvelope(envelopeIds[0]!, deadLetter({ stage: 'normalise', envelopeId: envelopeIds[0]! }));
      assert.equal(await store.inboxLength(), 2);
    }),

    law('unknown identities are counted', async ({ store }) => {
      for (const unknownIdentities of [2, 0, 3]) {
        await store.splitDelivery(splitOf(await store.storeDelivery(delivery()), [], { unknownIdentities }));
      }
      assert.equal((await store.inboxCounts()).unknownIdentities, 5);
    }),

    law('an envelope that cannot be read is set aside with one letter, and can be opened again', async ({ store }) => {
      const { envelopeIds } = await receive(store, envelope('a'));
      const id = envelopeIds[0]!;
      const letter = deadLetter({ stage: 'normalise', code: 'normalise_failed', envelopeId: id, athleteId: ATHLETE });
      await Promise.all([store.failEnvelope(id, letter), store.failEnvelope(id, letter)]);
      assert.equal((await store.envelope(id))?.state, 'dead');
      assert.deepEqual(await store.nextEnvelopes(10), []);
      const counts = await store.inboxCounts();
      assert.deepEqual([counts.envelopesDead, counts.deadLetters], [1, 1]);

      assert.equal(await store.reopenEnvelope(id), true);
      assert.equal((await store.nextEnvelopes(10))[0]?.id, id);
      assert.equal(await store.reopenEnvelope(id + 1), false);
      await store.failEnvelope(id + 1, letter);
      assert.equal((await store.inboxCounts()).deadLetters, 1);
    }),

    law('dead letters are kept whole, found by what they are, and marked when replayed', async ({ store }) => {
      const sent = deadLetter({ athleteId: ATHLETE, connectionId: 'con_1', replay: { notice: { id: 7 } } });
      const id = (await store.storeDeadLetter(sent))!;
      const fetched = await store.storeDeadLetter(
        deadLetter({ plugin: 'skies', stage: 'fetch', code: 'rate_limited' }),
      );
      const { body, ...stored } = (await store.deadLetter(id))!;
      assert.deepEqual({ ...stored, body: [...body!] }, { ...sent, body: [...sent.body!], id, replayedAtMs: null });
      assert.equal(await store.deadLetter(id + 10), null);

      const found = async (filter: { plugin?: string; stage?: string; code?: string }, limit = 10) =>
        (await store.deadLetters({ ...filter, limit })).map((each) => each.id);
      assert.deepEqual(await found({}), [fetched, id]);
      assert.deepEqual(await found({}, 1), [fetched]);
      assert.deepEqual(await found({ plugin: 'stride' }), [id]);
      assert.deepEqual(await found({ stage: 'fetch' }), [fetched]);
      assert.deepEqual(await found({ code: 'rate_limited', plugin: 'stride' }), []);

      await store.markReplayed(id, 77);
      assert.equal((await store.deadLetter(id))?.replayedAtMs, 77);
      assert.equal((await store.inboxCounts()).deadLetters, 1);
    }),
  ];
}

function splitOf(deliveryId: number, envelopes: NewEnvelope[], over: Partial<SplitWrite> = {}): SplitWrite {
  return { deliveryId, envelopes, notices: [], deadLetters: [], unknownIdentities: 0, ...over };
}

async function receive(store: SyncStore, one: NewEnvelope) {
  return store.splitDelivery(splitOf(await store.storeDelivery(delivery()), [one]));
}

function notice(sha256: string, generation = 1): NewNotice {
  return {
    plugin: 'stride',
    athleteId: ATHLETE,
    connectionId: 'con_1',
    generation,
    sha256,
    outcome: { job: { task: 'fetch', payload: { sha256 } } },
    receivedAtMs: Date.UTC(2026, 2, 1),
  };
}
