/** What every store owes to the one way objects are written. */
import assert from 'node:assert/strict';
import type { DecideStep, Loaded } from '../../store/athlete-change.ts';
import type { Law } from '../law.ts';
import { refusedWith, until } from './expectations.ts';
import {
  ATHLETE,
  activity,
  change,
  connection,
  delivery,
  envelope,
  look,
  numbered,
  OTHER_ATHLETE,
  stateWith,
} from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

export function changeLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) =>
    lawIn(newPlace, `change: ${name}`, async (bench) => {
      await bench.store.ensureAthlete(ATHLETE);
      await body(bench);
    });

  return [
    law('an acknowledged change is there after reopening', async ({ store, reopen }) => {
      const run = activity('act_1', { claimKeys: ['con_1|activity|1|summary|0'] });
      const sourcePriority = { sleep: ['ring', 'watch'] };
      await change(store, { objects: [run], timeZone: 'Europe/Berlin', sourcePriority });
      const again = await reopen();
      assert.deepEqual(await again.store.object(ATHLETE, 'activity', 'act_1'), { ...run, rev: 1 });
      assert.deepEqual(await again.store.athlete(ATHLETE), {
        athleteId: ATHLETE,
        epochN: 0,
        rev: 1,
        floor: 0,
        timeZone: 'Europe/Berlin',
        sourcePriority,
      });
    }),

    law('two concurrent changes of one athlete take consecutive revs', async ({ store, openBeside }) => {
      const beside = await openBeside();
      const ids = ['act_1', 'act_2', 'act_3', 'act_4', 'act_5', 'act_6'];
      const revs = await Promise.all(
        ids.map((id, at) => change(at % 2 ? beside.store : store, { objects: [activity(id)] })),
      );
      assert.deepEqual([...revs].sort(), [1, 2, 3, 4, 5, 6]);
      assert.equal((await store.athlete(ATHLETE))?.rev, 6);
    }),

    law('a decision that throws leaves nothing and rejects with its error', async ({ store, queue }) => {
      const asked = store.withAthleteChange(ATHLETE, {}, () => {
        throw new RangeError('no');
      });
      await assert.rejects(asked, RangeError);
      assert.equal((await store.athlete(ATHLETE))?.rev, 0);
      assert.equal((await queue.counts()).ready, 0);
    }),

    law('a write that is refused half-way leaves nothing', async ({ store, queue }) => {
      await change(store, { client: { clientId: 'c_1', ackSeq: 1, schemaVersion: 1 } });
      await store.ensureAthlete(OTHER_ATHLETE);
      const rows = {
        objects: [activity('act_1', { claimKeys: ['k|1'] })],
        jobs: [{ task: 'after', payload: null }],
        client: { clientId: 'c_1', ackSeq: 9, schemaVersion: 1 },
      };
      await refusedWith('client_athlete_mismatch', change(store, rows, OTHER_ATHLETE));
      assert.equal(await store.object(OTHER_ATHLETE, 'activity', 'act_1'), null);
      assert.equal((await look(store, { claimKeys: ['k|1'] }, OTHER_ATHLETE)).objects.size, 0);
      assert.equal((await queue.counts()).ready, 0);
      assert.equal((await look(store, { client: { clientId: 'c_1', seqs: [] } })).client?.ackSeq, 1);
    }),

    law('one bad member of a group does not fail its neighbours', async ({ store }) => {
      const bad = store.withAthleteChange(ATHLETE, {}, (loaded): DecideStep<number> => {
        const write = numbered(loaded, { objects: [activity('act_bad')] });
        return { do: 'write', write: { ...write, rev: write.rev + 5 }, result: write.rev };
      });
      const results = await Promise.allSettled([
        change(store, { objects: [activity('act_1')] }),
        bad,
        change(store, { objects: [activity('act_2')] }),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      const { rows } = await store.readDelta(ATHLETE, null, 0, 10);
      assert.deepEqual(
        rows.map(({ id, rev }) => [id, rev]),
        [
          ['act_1', 1],
          ['act_2', 2],
        ],
      );
    }),

    law('asking for more loads in the same transaction', async ({ store }) => {
      await change(store, { objects: [activity('act_1', { claimKeys: ['k|1'] }), activity('act_2')] });
      const seen: { at: Loaded; revs: number; ids: string[] }[] = [];
      const asking = store.withAthleteChange(ATHLETE, { claimKeys: ['k|1'] }, (loaded): DecideStep<null> => {
        seen.push({ at: loaded, revs: loaded.athlete.rev, ids: [...loaded.objects.keys()] });
        if (seen.length === 1) return { do: 'load', load: { ids: [{ kind: 'activity', id: 'act_2' }] } };
        return { do: 'write', write: null, result: null };
      });
      await Promise.all([asking, change(store, { objects: [activity('act_3')] })]);
      assert.deepEqual(
        seen.map(({ revs, ids }) => ({ revs, ids })),
        [
          { revs: 2, ids: ['activity/act_1'] },
          { revs: 2, ids: ['activity/act_1', 'activity/act_2'] },
        ],
      );
      assert.equal(seen[0]!.at, seen[1]!.at, 'it is one object that grows');
    }),

    law('a write of null commits nothing', async ({ store }) => {
      const heard: number[] = [];
      store.onCommit((_athleteId, rev) => heard.push(rev));
      const answer = await store.withAthleteChange(ATHLETE, {}, () => ({ do: 'write', write: null, result: 'kept' }));
      assert.equal(answer, 'kept');
      assert.equal((await store.athlete(ATHLETE))?.rev, 0);
      assert.deepEqual(heard, []);
    }),

    law('revs that do not continue the counter are refused', async ({ store }) => {
      await change(store, { objects: [activity('act_1')] });
      const wrong = [
        { rev: 3, revs: [2] },
        { rev: 2, revs: [1] },
        { rev: 2, revs: [3] },
        { rev: 3, revs: [2, 2] },
        { rev: 1, revs: [2] },
      ];
      for (const { rev, revs } of wrong) {
        const asked = store.withAthleteChange(ATHLETE, {}, () => {
          const objects = revs.map((each, at) => ({ ...activity(`act_new_${at}`), rev: each }));
          return { do: 'write', write: { rev, objects, aliases: [] }, result: null };
        });
        await refusedWith('internal', asked);
      }
      assert.equal((await store.athlete(ATHLETE))?.rev, 1);
    }),

    law('ids and days that would break the text of a delta are refused', async ({ store }) => {
      const bad = [
        activity(''),
        activity('a"b'),
        activity('ä'),
        activity('x'.repeat(129)),
        activity('act_1', { day: '2026-3-1' }),
        activity('act_1', { day: '2026-03-01"' }),
        activity('act_1', { kind: 'shoe' as 'gear' }),
      ];
      for (const each of bad) await refusedWith('internal', change(store, { objects: [each] }));
      await change(store, { objects: [activity(`a.B_c:d-${'9'.repeat(120)}`, { day: null })] });
      assert.equal((await store.athlete(ATHLETE))?.rev, 1);
    }),

    law('a state can be written while the view and its rev stay', async ({ store }) => {
      await change(store, { objects: [activity('act_1', { claimKeys: ['k|1'] })] });
      await change(store, { states: [{ kind: 'activity', id: 'act_1', state: stateWith(['k|2']) }] });
      const stored = await store.object(ATHLETE, 'activity', 'act_1');
      assert.deepEqual([stored?.rev, Object.keys(stored?.state.claims ?? {})], [1, ['k|2']]);
      assert.equal((await store.athlete(ATHLETE))?.rev, 1);
      assert.deepEqual((await look(store, { claimKeys: ['k|1'] })).objects.size, 0);
      assert.deepEqual((await look(store, { claimKeys: ['k|2'] })).objects.size, 1);
      const unknown = change(store, { states: [{ kind: 'activity', id: 'act_9', state: stateWith([]) }] });
      await refusedWith('internal', unknown);
    }),

    law('an alias leads to the object that took its place', async ({ store }) => {
      await change(store, {
        objects: ['act_1', 'act_2', 'act_3'].map((id) => activity(id, { claimKeys: [`k|${id}`] })),
      });
      const both = activity('act_2', { claimKeys: ['k|act_1', 'k|act_2'] });
      await change(store, { objects: [both], aliases: [{ oldId: 'act_1', objectId: 'act_2' }] });
      const all = activity('act_3', { claimKeys: ['k|act_1', 'k|act_2', 'k|act_3'] });
      await change(store, { objects: [all], aliases: [{ oldId: 'act_2', objectId: 'act_3' }] });

      const loaded = await look(store, { ids: [{ kind: 'activity', id: 'act_1' }] });
      assert.deepEqual([...loaded.objects.keys()], ['activity/act_3']);
      assert.equal(loaded.aliases.get('activity/act_1'), 'act_3');
      assert.equal((await store.object(ATHLETE, 'activity', 'act_1'))?.id, 'act_3');
      assert.deepEqual([...(await look(store, { claimKeys: ['k|act_1'] })).objects.keys()], ['activity/act_3']);
    }),

    law('an id stands by itself again once its alias is removed, and not before', async ({ store }) => {
      await change(store, { objects: [activity('act_1'), activity('act_2')] });
      await change(store, { objects: [activity('act_2')], aliases: [{ oldId: 'act_1', objectId: 'act_2' }] });
      await refusedWith('internal', change(store, { objects: [activity('act_1')] }));
      await change(store, { objects: [activity('act_1')], aliasesRemoved: [{ kind: 'activity', oldId: 'act_1' }] });
      assert.equal((await store.object(ATHLETE, 'activity', 'act_1'))?.id, 'act_1');
      const { rows } = await store.readDelta(ATHLETE, null, 0, 10);
      assert.deepEqual(
        rows.map(({ id, aliasOf }) => [id, aliasOf]),
        [
          ['act_2', null],
          ['act_1', null],
        ],
      );
    }),

    law('a client id stays with the athlete it was first used by', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      await change(store, { client: { clientId: 'c_1', ackSeq: 4, schemaVersion: 1 } });
      const foreign = change(store, { client: { clientId: 'c_1', ackSeq: 5, schemaVersion: 1 } }, OTHER_ATHLETE);
      await refusedWith('client_athlete_mismatch', foreign);
      const { client } = await look(store, { client: { clientId: 'c_1', seqs: [] } }, OTHER_ATHLETE);
      assert.deepEqual(client, { clientId: 'c_1', athleteId: ATHLETE, ackSeq: 4, durableSeq: 0, servedRev: 0 });
      assert.equal((await look(store, { client: { clientId: 'c_new', seqs: [] } })).client, null);
    }),

    law('a mutation is known by its mid and its seq, and stored once', async ({ store }) => {
      const mutation = {
        mid: 'm-1',
        clientId: 'c_1',
        seq: 1,
        bodySha256: 'abc',
        result: { mid: 'm-1', seq: 1, status: 'applied' as const, rev: 1 },
      };
      await change(store, { objects: [activity('act_1')], mutations: [mutation] });
      const loaded = await look(store, { mids: ['m-1', 'm-2'], client: { clientId: 'c_1', seqs: [1, 2] } });
      assert.deepEqual([...loaded.mutations], [['m-1', mutation]]);
      assert.deepEqual([...loaded.midBySeq], [[1, 'm-1']]);
      await refusedWith('internal', change(store, { mutations: [mutation] }));
      await refusedWith('internal', change(store, { mutations: [{ ...mutation, mid: 'm-2' }] }));
      await change(store, { mutations: [{ ...mutation, mid: 'm-3', seq: null }] });
      await change(store, { mutations: [{ ...mutation, mid: 'm-4', seq: null }] });
    }),

    law('text is kept byte for byte', async ({ store }) => {
      const data = '{"b":1, "a":"é\\u0000 \\" 🏃 \u2028","n":1.0}';
      const alt = '{ "distanceM" : {"athlete":10000.50} }';
      await change(store, { objects: [activity('act_1', { data, alt })] });
      const stored = await store.object(ATHLETE, 'activity', 'act_1');
      assert.deepEqual([stored?.data, stored?.alt], [data, alt]);
    }),

    law('a commit is told once per athlete, with the newest rev', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      const heard: [string, number][] = [];
      const stop = store.onCommit((athleteId, rev) => {
        heard.push([athleteId, rev]);
      });
      await change(store, { objects: [activity('act_1'), activity('act_2')] });
      await change(store, { client: { clientId: 'c_1', ackSeq: 1, schemaVersion: 1 } });
      await change(store, { objects: [activity('act_1')] }, OTHER_ATHLETE);
      stop();
      await change(store, { objects: [activity('act_1')] });
      assert.deepEqual(heard, [
        [ATHLETE, 2],
        [OTHER_ATHLETE, 1],
      ]);
    }),

    law('a listener that throws does not fail the change', async ({ store }) => {
      store.onCommit(() => {
        throw new Error('listener');
      });
      assert.equal(await change(store, { objects: [activity('act_1')] }), 1);
    }),

    law('jobs are there exactly when their change is', async ({ store, queue }) => {
      const jobs = [{ task: 'after', payload: { athleteId: ATHLETE } }];
      const failing = store.withAthleteChange(ATHLETE, {}, (loaded): DecideStep<null> => {
        return { do: 'write', write: { ...numbered(loaded, { jobs }), rev: 99 }, result: null };
      });
      await Promise.allSettled([failing, change(store, { jobs })]);
      // What was begun beside a change is there by the end of the next one.
      await change(store, { objects: [activity('act_later')] });
      assert.equal((await queue.counts()).ready, 1);
    }),

    law('a job of a change starts by itself after the commit', async ({ store, queue }) => {
      const ran: unknown[] = [];
      queue.start({ after: async ({ payload }) => void ran.push(payload) });
      await change(store, { objects: [activity('act_1')], jobs: [{ task: 'after', payload: 'act_1' }] });
      await until(() => ran.length === 1, 'the job ran');
      assert.deepEqual(ran, ['act_1']);
    }),

    law('an envelope is settled with the change it led to', async ({ store }) => {
      const deliveryId = await store.storeDelivery(delivery());
      const split = { deliveryId, notices: [], deadLetters: [], unknownIdentities: 0 };
      const { envelopeIds } = await store.splitDelivery({ ...split, envelopes: [envelope('a'), envelope('b')] });
      const [first, second] = envelopeIds as [number, number];
      await change(store, {
        objects: [activity('act_1')],
        envelopesDone: [{ id: first, notes: [{ code: 'odd' }], mappingVersion: 1 }],
      });
      assert.deepEqual(
        (await store.nextEnvelopes(10)).map(({ id }) => id),
        [second],
      );
      assert.equal((await store.envelope(first))?.state, 'done');
    }),

    law('an envelope is seen for as long as it is stored, by its own athlete only', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      const deliveryId = await store.storeDelivery(delivery());
      const split = { deliveryId, notices: [], deadLetters: [], unknownIdentities: 0 };
      const { envelopeIds } = await store.splitDelivery({ ...split, envelopes: [envelope('a')] });
      const [id] = envelopeIds as [number];
      const load = { envelopeIds: [id, id + 1] };
      assert.deepEqual([...(await look(store, load)).envelopes], [id]);
      assert.equal((await look(store, load, OTHER_ATHLETE)).envelopes.size, 0);
      await store.eraseInbox('con_1', 2);
      assert.equal((await look(store, load)).envelopes.size, 0);
    }),

    law('connections are seen with their generation, by their own athlete only', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      await store.saveConnection(connection({ generation: 3 }), null);
      const load = { connectionIds: ['con_1', 'con_none'] };
      assert.deepEqual([...(await look(store, load)).connections], [['con_1', { generation: 3, state: 'connected' }]]);
      assert.equal((await look(store, load, OTHER_ATHLETE)).connections.size, 0);
    }),

    law('athletes do not see each other', async ({ store }) => {
      await store.ensureAthlete(OTHER_ATHLETE);
      const mutation = {
        mid: 'm-1',
        clientId: 'c_1',
        seq: null,
        bodySha256: 'abc',
        result: { mid: 'm-1', status: 'applied' as const },
      };
      await change(store, { objects: [activity('act_1', { claimKeys: ['k|1'] })], mutations: [mutation] });
      await change(store, { objects: [activity('act_1', { data: '{}', claimKeys: ['k|1'] })] }, OTHER_ATHLETE);
      const load = { ids: [{ kind: 'activity' as const, id: 'act_1' }], claimKeys: ['k|1'], mids: ['m-1'] };
      const other = await look(store, load, OTHER_ATHLETE);
      assert.equal(other.objects.get('activity/act_1')?.data, '{}');
      assert.equal(other.mutations.size, 0);
      assert.equal((await store.object(ATHLETE, 'activity', 'act_1'))?.data, '{"distanceM":10050}');
      assert.equal((await store.readDelta(OTHER_ATHLETE, null, 0, 10)).rows.length, 1);
    }),

    law('a subject is one athlete, however many ask at once', async ({ store }) => {
      const asked = ['ath_a', 'ath_b', 'ath_c'].map((id) => store.athleteOfSubject('https://issuer', 'user', id));
      const ids = (await Promise.all(asked)).map(({ athleteId }) => athleteId);
      assert.equal(new Set(ids).size, 1);
      assert.equal((await store.athleteOfSubject('https://issuer', 'user', 'ath_d')).athleteId, ids[0]);
      assert.equal((await store.athleteOfSubject('https://other', 'user', 'ath_e')).athleteId, 'ath_e');
    }),

    law('an athlete nobody has seen is not made by asking', async ({ store }) => {
      assert.equal(await store.athlete('ath_none'), null);
      await refusedWith('not_found', look(store, {}, 'ath_none'));
      await refusedWith('not_found', store.readDelta('ath_none', null, 0, 10));
      assert.equal(await store.athlete('ath_none'), null);
    }),
  ];
}
