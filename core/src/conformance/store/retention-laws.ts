/** What every store owes to what has passed its retention, and to what has not. */
import assert from 'node:assert/strict';
import { INBOX_OWNER } from '../../store/blob-store.ts';
import { MUTATIONS_KEPT, PRUNABLE_ROWS } from '../../store/retention-store.ts';
import type { SyncStore } from '../../store/sync-store.ts';
import type { Law } from '../law.ts';
import { ATHLETE, change, deadLetter, delivery, envelope, OTHER_ATHLETE } from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

const RECEIVED = Date.UTC(2026, 2, 1);
const DAY_MS = 86_400_000;

export function retentionLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) =>
    lawIn(newPlace, `retention: ${name}`, async (bench) => {
      await bench.store.ensureAthlete(ATHLETE);
      await body(bench);
    });

  return [
    law('bytes of read envelopes go after their time, and what was said stays known', async ({ store }) => {
      const blobSha256 = 'd'.repeat(64);
      const sent = [
        envelope('done', { body: null, blobSha256, bytes: 70_000 }),
        envelope('waiting'),
        envelope('lettered'),
        envelope('replayed'),
        envelope('young', { receivedAtMs: RECEIVED + DAY_MS }),
        envelope('of another stream', { stream: 'dailies' }),
      ];
      const ids = new Map<string, number>();
      for (const each of sent) ids.set(each.sha256, await receive(store, each));
      const idOf = (name: string) => ids.get(name)!;
      for (const name of ['done', 'young', 'of another stream']) await settle(store, idOf(name));
      for (const name of ['lettered', 'replayed']) {
        await store.failEnvelope(idOf(name), deadLetter({ stage: 'normalise', envelopeId: idOf(name) }));
      }
      const [replayed] = await store.deadLetters({ limit: 1 });
      await store.markReplayed(replayed!.id, RECEIVED);

      const which = { plugin: 'stride', stream: 'activities', beforeMs: RECEIVED + 1 };
      assert.deepEqual(await store.oldEnvelopes(which), { count: 2, bytes: 70_020 });
      assert.equal(await store.dropEnvelopeBytes(which, 1), 1);
      assert.equal(await store.dropEnvelopeBytes(which, 10), 1);
      assert.equal(await store.dropEnvelopeBytes(which, 10), 0);
      const hasBytes: string[] = [];
      for (const [name, id] of ids) {
        const stored = (await store.envelope(id))!;
        if (stored.body !== null || stored.blobSha256 !== null) hasBytes.push(name);
      }
      assert.deepEqual(hasBytes, ['waiting', 'lettered', 'young', 'of another stream']);
      assert.deepEqual(await store.envelopeBlobs(ATHLETE), new Set(hasBytes));
      const filter = { plugin: 'stride', mappingVersion: 2, stream: 'activities' };
      assert.deepEqual(await store.countToReadAnew(filter), { envelopes: 1, withoutBytes: 1 });
      // Sent once more it is the same statement: no new receipt, so nothing is overruled by it.
      const again = await store.storeDelivery(delivery());
      const empty = { notices: [], deadLetters: [], unknownIdentities: 0 };
      const answer = await store.splitDelivery({ deliveryId: again, envelopes: [sent[0]!], ...empty });
      assert.deepEqual(answer, { envelopeIds: [], duplicates: 1 });
      const streams = (await store.envelopeStreams()).map(({ plugin, stream }) => `${plugin}.${stream}`);
      assert.deepEqual(streams.sort(), ['stride.activities', 'stride.dailies']);
    }),

    law('rows past their time go, as many as asked, and the others stay', async ({ store, queue, clock }) => {
      for (const atMs of [RECEIVED, RECEIVED, RECEIVED + DAY_MS]) {
        const replayed = (await store.storeDeadLetter(deadLetter({ atMs })))!;
        await store.markReplayed(replayed, atMs);
        await store.storeDeadLetter(deadLetter({ atMs }));
      }
      for (const [at, receivedAtMs] of [RECEIVED, RECEIVED, RECEIVED + DAY_MS].entries()) {
        const deliveryId = await store.storeDelivery(delivery());
        const notice = { plugin: 'stride', athleteId: ATHLETE, connectionId: 'con_1', generation: 1, sha256: `n${at}` };
        const job = { task: 'fetch', payload: null, maxAttempts: 1 };
        const empty = { envelopes: [], deadLetters: [], unknownIdentities: 0 };
        await store.splitDelivery({ deliveryId, notices: [{ ...notice, outcome: { job }, receivedAtMs }], ...empty });
        await store.saveAttempt(attempt(`state-${at}`, receivedAtMs));
      }
      for (const [at, ahead] of [0, 0, DAY_MS].entries()) {
        await clock.advance(Math.max(0, RECEIVED + ahead - clock.now()));
        await change(store, {
          client: { clientId: `c_${at}`, ackSeq: MUTATIONS_KEPT + 1, schemaVersion: 1 },
          mutations: [mutation(`m-${at}`, `c_${at}`, 1)],
          deadMutations: [{ mid: `d-${at}`, clientId: `c_${at}`, code: 'invalid_value', body: '{}' }],
        });
      }
      queue.start({ fetch: () => Promise.reject(new Error('no')) });
      await queue.idle();
      await queue.stop();
      const died = (await queue.dead(1))[0]!.diedAtMs;
      const beforeOf = (rows: string) => (rows === 'dead_job' ? died + 1 : RECEIVED + DAY_MS);
      for (const rows of PRUNABLE_ROWS) {
        const beforeMs = beforeOf(rows);
        const all = rows === 'dead_job' ? 3 : 2;
        assert.equal(await store.prunableRows(rows, beforeMs), all, rows);
        assert.equal(await store.pruneRows(rows, beforeMs, 1), 1, rows);
        assert.equal(await store.pruneRows(rows, beforeMs, 10), all - 1, rows);
        assert.equal(await store.pruneRows(rows, beforeMs, 10), 0, rows);
      }
      const letters = (await store.deadLetters({ limit: 10 })).map(({ atMs }) => atMs);
      assert.deepEqual(letters, [RECEIVED + DAY_MS, RECEIVED + DAY_MS]);
      const counts = await store.counts();
      const left = ['notice', 'mutation', 'dead_mutation', 'attempt', 'job'].map((table) => counts[table]);
      assert.deepEqual(left, [1, 1, 1, 1, 0]);
    }),

    law('the newest answers of each client stay, whatever their age', async ({ store }) => {
      const last = MUTATIONS_KEPT + 2;
      await change(store, {
        client: { clientId: 'c_1', ackSeq: last, schemaVersion: 1 },
        mutations: [1, 2, 3, last].map((seq) => mutation(`m-${seq}`, 'c_1', seq)),
      });
      assert.equal(await store.pruneRows('mutation', Number.MAX_SAFE_INTEGER, 10), 2);
      await store.withAthleteChange(ATHLETE, { mids: ['m-1', 'm-2', 'm-3', `m-${last}`] }, ({ mutations }) => {
        assert.deepEqual([...mutations.keys()], ['m-3', `m-${last}`]);
        return { do: 'write', write: null, result: null };
      });
    }),

    law('athletes are walked in the order of their ids', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      assert.deepEqual(await store.athleteIds('', 1), [ATHLETE]);
      assert.deepEqual(await store.athleteIds(ATHLETE, 10), [OTHER_ATHLETE]);
    }),

    law('the room taken is told by what takes it', async ({ store, blobs }) => {
      const before = await store.diskUse();
      assert.deepEqual(before.blobs, { inbox: { count: 0, bytes: 0 }, athletes: { count: 0, bytes: 0 } });
      for (const size of [100, 100_000]) {
        await blobs.put(ATHLETE, new Uint8Array(size));
        await blobs.put(INBOX_OWNER, new Uint8Array(size + 1));
      }
      for (let at = 0; at < 20; at++) await receive(store, envelope(`e${at}`, { body: incompressible(50_000, at) }));
      const after = await store.diskUse();
      assert.deepEqual(after.blobs, { inbox: { count: 2, bytes: 100_102 }, athletes: { count: 2, bytes: 100_100 } });
      const grown = (table: string) => (after.tables[table] ?? 0) - (before.tables[table] ?? 0);
      assert.ok(grown('envelope') >= 1_000_000, 'a table takes what its rows take');
      assert.equal(grown('mutation'), 0);
      assert.ok(after.databaseBytes + (after.walBytes ?? 0) > 1_000_000);
      assert.ok(after.freeBytes === null || after.freeBytes >= 0);
    }),
  ];
}

async function receive(store: SyncStore, one: ReturnType<typeof envelope>): Promise<number> {
  const deliveryId = await store.storeDelivery(delivery());
  const empty = { notices: [], deadLetters: [], unknownIdentities: 0 };
  return (await store.splitDelivery({ deliveryId, envelopes: [one], ...empty })).envelopeIds[0]!;
}

async function settle(store: SyncStore, id: number): Promise<void> {
  await change(store, { envelopesDone: [{ id, notes: [], mappingVersion: 1 }] });
}

function mutation(mid: string, clientId: string, seq: number) {
  return { mid, clientId, seq, bodySha256: mid, result: { mid, status: 'applied' as const } };
}

function attempt(stateSha256: string, expiresAtMs: number) {
  const place = { athleteId: ATHLETE, clientId: null, plugin: 'stride', connectionId: 'con_1' };
  return { stateSha256, ...place, sealedVerifier: 's', redirectUri: 'https://hub', returnUrl: null, expiresAtMs };
}

/** Bytes that take as much room as they are, for databases that compress. */
function incompressible(bytes: number, seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
