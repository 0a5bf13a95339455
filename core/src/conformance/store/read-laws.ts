/** What every store owes to those who read. */
import assert from 'node:assert/strict';
import type { ConnectionState } from '../../store/connection-store.ts';
import type { DeltaRow, SnapshotPlace } from '../../store/read-store.ts';
import type { SyncStore } from '../../store/sync-store.ts';
import type { Law } from '../law.ts';
import { refusedWith } from './expectations.ts';
import { ATHLETE, activity, change, connection, deadLetter, look, OTHER_ATHLETE } from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

export function readLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) =>
    lawIn(newPlace, `read: ${name}`, async (bench) => {
      await bench.store.ensureAthlete(ATHLETE);
      await body(bench);
    });

  return [
    law('delta pages union to the whole', async ({ store }) => {
      await change(store, { objects: Array.from({ length: 9 }, (_, at) => activity(`act_${at}`)) });
      await change(store, { objects: [activity('act_3')], aliases: [{ oldId: 'act_4', objectId: 'act_3' }] });
      await change(store, { objects: [activity('act_5', { deleted: true })] });
      const whole = await store.readDelta(ATHLETE, null, 0, 100);
      assert.equal(whole.hasMore, false);
      assert.deepEqual(
        whole.rows.map(({ id, rev }) => `${id}@${rev}`),
        ['act_0@1', 'act_1@2', 'act_2@3', 'act_6@7', 'act_7@8', 'act_8@9', 'act_3@10', 'act_4@11', 'act_5@12'],
      );
      for (const limit of [1, 2, 3, 8, 9]) assert.deepEqual(await deltaInPages(store, limit), whole.rows);
    }),

    law('claims are found by how their keys begin, of deleted objects too, in pages', async ({ store }) => {
      const keys = ['con_1|activity|a', 'con_1|activity|ü', 'con_1|sleep|b', 'con_10|activity|a', 'con_2|activity|a'];
      await change(store, {
        objects: keys.map((key, at) => activity(`act_${at}`, { claimKeys: [key], deleted: at === 1 })),
      });
      const page = async (prefix: string, after: string, limit: number) =>
        (await store.claimHolders(ATHLETE, prefix, after, limit)).map(({ claimKey, id }) => `${claimKey}@${id}`);
      assert.deepEqual(await page('con_1|activity|', '', 10), ['con_1|activity|a@act_0', 'con_1|activity|ü@act_1']);
      assert.deepEqual(await page('con_1|', '', 2), ['con_1|activity|a@act_0', 'con_1|activity|ü@act_1']);
      assert.deepEqual(await page('con_1|', 'con_1|activity|ü', 2), ['con_1|sleep|b@act_2']);
      assert.equal((await page('', '', 10)).length, keys.length);
      assert.deepEqual(await store.claimHolders(OTHER_ATHLETE, '', '', 10), []);
    }),

    law('a delta shows an object once, as it is now', async ({ store }) => {
      await change(store, { objects: [activity('act_1'), activity('act_2')] });
      await change(store, {
        objects: [activity('act_1', { data: '{"rpe":7}', alt: '{"rpe":{"athlete":6}}', day: null })],
      });
      const { rows } = await store.readDelta(ATHLETE, null, 1, 10);
      assert.deepEqual(rows[1], {
        kind: 'activity',
        id: 'act_1',
        rev: 3,
        day: null,
        deleted: false,
        data: '{"rpe":7}',
        alt: '{"rpe":{"athlete":6}}',
        aliasOf: null,
      });
      assert.equal(rows.length, 2);
    }),

    law('a delta begins with athlete, epoch and the ack of the asking client', async ({ store }) => {
      await change(store, { objects: [activity('act_1')], client: { clientId: 'c_1', ackSeq: 7, schemaVersion: 1 } });
      const head = { athlete: await store.athlete(ATHLETE), serverEpoch: await store.serverEpoch() };
      assert.deepEqual(await store.readDelta(ATHLETE, 'c_1', 1, 10), { ...head, ackSeq: 7, rows: [], hasMore: false });
      assert.equal((await store.readDelta(ATHLETE, 'c_new', 0, 10)).ackSeq, 0);
      assert.equal((await store.readDelta(ATHLETE, null, 0, 10)).ackSeq, 0);
      await store.ensureAthlete(OTHER_ATHLETE);
      assert.equal((await store.readDelta(OTHER_ATHLETE, 'c_1', 0, 10)).ackSeq, 0);
    }),

    law('aliases travel with their rev', async ({ store }) => {
      await change(store, { objects: [activity('act_1'), activity('act_2')] });
      await change(store, { objects: [activity('act_2')], aliases: [{ oldId: 'act_1', objectId: 'act_2' }] });
      const { rows } = await store.readDelta(ATHLETE, null, 3, 10);
      assert.deepEqual(
        rows.map(({ kind, id, rev, aliasOf, deleted }) => ({ kind, id, rev, aliasOf, deleted })),
        [{ kind: 'activity', id: 'act_1', rev: 4, aliasOf: 'act_2', deleted: false }],
      );
    }),

    law('the epoch of the server stays, and fits into a cursor', async ({ store, reopen }) => {
      const epoch = await store.serverEpoch();
      assert.match(epoch, /^[A-Za-z0-9_-]+$/);
      assert.equal((await look(store, {})).serverEpoch, epoch);
      assert.equal(await (await reopen()).store.serverEpoch(), epoch);
    }),

    law('a snapshot walks kinds as listed, newest day first, no day last, then id', async ({ store }) => {
      await change(store, {
        objects: [
          activity('b', { day: '2026-03-02' }),
          activity('a', { day: '2026-03-02' }),
          activity('c', { day: '2026-03-03' }),
          activity('z', { day: null }),
          activity('y', { day: null }),
          activity('gone', { day: '2026-03-03', deleted: true }),
          activity('p', { kind: 'profile', day: null }),
          activity('s', { kind: 'sleep', day: '2026-03-01' }),
          activity('unasked', { kind: 'gear', day: null }),
        ],
      });
      const kinds = ['profile', 'activity', 'sleep'] as const;
      const whole = await store.readSnapshot(ATHLETE, null, [...kinds], {}, null, 100);
      const order = ['p', 'c', 'a', 'b', 'y', 'z', 's'];
      assert.deepEqual(
        whole.rows.map(({ id }) => id),
        order,
      );
      assert.equal(whole.hasMore, false);
      for (const limit of [1, 2, 3, 7]) {
        assert.deepEqual(
          (await snapshotInPages(store, [...kinds], limit)).map(({ id }) => id),
          order,
        );
      }
    }),

    law('a snapshot leaves out days outside the range, and keeps what has no day', async ({ store }) => {
      const days = ['2026-02-28', '2026-03-01', '2026-03-05', '2026-03-06', null];
      await change(store, { objects: days.map((day, at) => activity(`act_${at}`, { day })) });
      const ids = async (fromDay: string | null, toDay: string | null) => {
        const range = { activity: { fromDay, toDay } };
        return (await store.readSnapshot(ATHLETE, null, ['activity'], range, null, 10)).rows.map(({ id }) => id);
      };
      assert.deepEqual(await ids('2026-03-01', '2026-03-05'), ['act_2', 'act_1', 'act_4']);
      assert.deepEqual(await ids('2026-03-06', null), ['act_3', 'act_4']);
      assert.deepEqual(await ids(null, '2026-02-28'), ['act_0', 'act_4']);
    }),

    law('what entered the window is found by its day', async ({ store }) => {
      const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'];
      await change(store, { objects: days.map((day) => activity(`on_${day}`, { kind: 'planned_workout', day })) });
      await change(store, {
        objects: [activity('gone', { kind: 'planned_workout', day: '2026-03-02', deleted: true })],
      });
      const entered = await store.readEntered(ATHLETE, 'planned_workout', '2026-03-01', '2026-03-03', 10);
      assert.deepEqual(entered.map(({ id }) => id).sort(), ['on_2026-03-02', 'on_2026-03-03']);
      assert.equal((await store.readEntered(ATHLETE, 'planned_workout', '2026-03-01', '2026-03-04', 2)).length, 2);
    }),

    law('what was handed to a client is remembered and never taken back', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      await store.markServed(ATHLETE, 'c_1', 5);
      await store.markServed(ATHLETE, 'c_1', 3);
      await store.markServed(ATHLETE, 'c_2', 4);
      await change(store, { client: { clientId: 'c_1', ackSeq: 2, schemaVersion: 1 } });
      const loaded = await look(store, { client: { clientId: 'c_1', seqs: [] } });
      assert.equal(loaded.client?.servedRev, 5);
      assert.equal(loaded.knownRev, 5);
      await refusedWith('client_athlete_mismatch', store.markServed(OTHER_ATHLETE, 'c_1', 9));
      assert.equal((await look(store, {}, OTHER_ATHLETE)).knownRev, 0);
    }),

    law('objects of a kind are read newest day first', async ({ store }) => {
      const days = ['2026-03-01', '2026-03-04', '2026-03-02', null];
      await change(store, { objects: days.map((day, at) => activity(`act_${at}`, { day, claimKeys: [`k|${at}`] })) });
      await change(store, { objects: [activity('gone', { deleted: true }), activity('night', { kind: 'sleep' })] });
      const ids = async (filter: { fromDay?: string; toDay?: string; limit: number }) =>
        (await store.objects(ATHLETE, 'activity', filter)).map(({ id }) => id);
      assert.deepEqual(await ids({ limit: 10 }), ['act_1', 'act_2', 'act_0', 'act_3']);
      assert.deepEqual(await ids({ limit: 2 }), ['act_1', 'act_2']);
      assert.deepEqual(await ids({ fromDay: '2026-03-02', limit: 10 }), ['act_1', 'act_2']);
      assert.deepEqual(await ids({ toDay: '2026-03-02', limit: 10 }), ['act_2', 'act_0']);
      const [newest] = await store.objects(ATHLETE, 'activity', { limit: 1 });
      assert.deepEqual(Object.keys(newest?.state.claims ?? {}), ['k|1']);
    }),

    law('an object that is not there is null', async ({ store }) => {
      await change(store, { objects: [activity('act_1', { deleted: true })] });
      assert.equal((await store.object(ATHLETE, 'activity', 'act_1'))?.deleted, true);
      assert.equal(await store.object(ATHLETE, 'sleep', 'act_1'), null);
      assert.equal(await store.object(OTHER_ATHLETE, 'activity', 'act_1'), null);
    }),

    law('figures tell what waits and what is connected by what it is', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      const question = (id: string, deleted = false) => ({ ...activity(id, { deleted }), kind: 'question' as const });
      await change(store, { objects: [question('q_1'), question('q_2', true), activity('act_1')] });
      await change(store, { objects: [question('q_3')] }, OTHER_ATHLETE);
      for (const code of ['gone', 'gone', 'egress_refused'])
        await store.storeDeadLetter(deadLetter({ stage: 'fetch', code }));
      const replayed = await store.storeDeadLetter(deadLetter());
      assert.ok(replayed !== null);
      await store.markReplayed(replayed, 7);
      for (const [connectionId, state] of Object.entries({ con_1: 'connected', con_2: 'connected', con_3: 'revoked' }))
        await store.saveConnection(connection({ connectionId, state: state as ConnectionState }), null);
      const { databaseBytes, ...counted } = await store.figures();
      assert.deepEqual(counted, {
        deadLetters: [
          { plugin: 'stride', stage: 'fetch', code: 'egress_refused', letters: 1 },
          { plugin: 'stride', stage: 'fetch', code: 'gone', letters: 2 },
        ],
        connections: [
          { plugin: 'stride', state: 'connected', connections: 2 },
          { plugin: 'stride', state: 'revoked', connections: 1 },
        ],
        questionsOpen: 2,
      });
      assert.ok(databaseBytes.some(({ bytes }) => bytes > 0));
    }),

    law('every migration is applied, once', async ({ store, openBeside }) => {
      const beside = await openBeside();
      assert.deepEqual(await Promise.all([store.migrate(), beside.store.migrate()]), [[], []]);
      const status = await store.migrationStatus();
      assert.ok(status.length > 0 && status.every(({ appliedAt }) => appliedAt !== null));
    }),
  ];
}

async function deltaInPages(store: SyncStore, limit: number): Promise<DeltaRow[]> {
  const rows: DeltaRow[] = [];
  for (;;) {
    const page = await store.readDelta(ATHLETE, null, rows.at(-1)?.rev ?? 0, limit);
    rows.push(...page.rows);
    if (!page.hasMore) return rows;
    assert.equal(page.rows.length, limit);
  }
}

async function snapshotInPages(store: SyncStore, kinds: DeltaRow['kind'][], limit: number): Promise<DeltaRow[]> {
  const rows: DeltaRow[] = [];
  for (let after: SnapshotPlace | null = null; ; after = rows.at(-1) ?? null) {
    const page = await store.readSnapshot(ATHLETE, null, kinds, {}, after, limit);
    rows.push(...page.rows);
    if (!page.hasMore) return rows;
  }
}
