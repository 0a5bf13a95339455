/** What every store owes to a decision: to be given what it asks for, wherever that lies now. */
import assert from 'node:assert/strict';
import type { DecideStep } from '../../store/athlete-change.ts';
import type { Law } from '../law.ts';
import { ATHLETE, activity, change, look, numbered } from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

export function loadLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) =>
    lawIn(newPlace, `change: ${name}`, async (bench) => {
      await bench.store.ensureAthlete(ATHLETE);
      await body(bench);
    });

  return [
    law('what is named is loaded: by id, claim, start and day, tombstones included', async ({ store }) => {
      const at = (hour: number) => Date.UTC(2026, 2, 1, hour);
      await change(store, {
        objects: [
          activity('by_id', { day: null, startedAtMs: null }),
          activity('by_claim', { day: null, startedAtMs: null, claimKeys: ['k|1'], deleted: true }),
          activity('at_6', { day: null, startedAtMs: at(6), deleted: true }),
          activity('at_8', { day: null, startedAtMs: at(8) }),
          activity('at_9', { day: null, startedAtMs: at(9) }),
          activity('that_day', { startedAtMs: null, deleted: true }),
          activity('next_day', { startedAtMs: null, day: '2026-03-02' }),
          activity('a_night', { kind: 'sleep', startedAtMs: at(7) }),
        ],
      });
      const idsOf = async (load: Parameters<typeof look>[1]) => [...(await look(store, load)).objects.keys()].sort();
      assert.deepEqual(await idsOf({}), []);
      assert.deepEqual(await idsOf({ ids: [{ kind: 'activity', id: 'by_id' }] }), ['activity/by_id']);
      assert.deepEqual(await idsOf({ ids: [{ kind: 'sleep', id: 'by_id' }] }), []);
      assert.deepEqual(await idsOf({ claimKeys: ['k|1', 'k|2'] }), ['activity/by_claim']);
      const span = { kind: 'activity' as const, fromMs: at(6), toMs: at(8) };
      assert.deepEqual(await idsOf({ spans: [span] }), ['activity/at_6', 'activity/at_8']);
      assert.deepEqual(await idsOf({ days: [{ kind: 'activity', days: ['2026-03-01', '2026-03-04'] }] }), [
        'activity/that_day',
      ]);
      assert.deepEqual(await idsOf({ onward: [{ kind: 'activity', fromDay: '2026-03-01' }] }), [
        'activity/next_day',
        'activity/that_day',
      ]);
      assert.deepEqual(await idsOf({ onward: [{ kind: 'activity', fromDay: '2026-03-02' }] }), ['activity/next_day']);
    }),

    law('a claim leads to the object that holds it now', async ({ store }) => {
      await change(store, { objects: [activity('act_1', { claimKeys: ['k|1', 'k|2'] }), activity('act_2')] });
      await change(store, {
        objects: [activity('act_2', { claimKeys: ['k|2', 'k|3'] }), activity('act_1', { claimKeys: ['k|1'] })],
      });
      const holder = async (key: string) => [...(await look(store, { claimKeys: [key] })).objects.keys()];
      assert.deepEqual(await holder('k|1'), ['activity/act_1']);
      assert.deepEqual(await holder('k|2'), ['activity/act_2']);
      assert.deepEqual(await holder('k|3'), ['activity/act_2']);
      await change(store, { objects: [activity('act_1')] });
      assert.deepEqual(await holder('k|1'), []);
    }),

    law('claims are indexed as stored, whatever a decision did to the state it was given', async ({ store }) => {
      await change(store, { objects: [activity('act_1', { claimKeys: ['k|1'] })] });
      await store.withAthleteChange(ATHLETE, { claimKeys: ['k|1'] }, (loaded): DecideStep<null> => {
        const { state } = loaded.objects.get('activity/act_1')!;
        for (const key of Object.keys(state.claims)) delete state.claims[key];
        return { do: 'write', write: numbered(loaded, { objects: [activity('act_1', { state })] }), result: null };
      });
      assert.equal((await look(store, { claimKeys: ['k|1'] })).objects.size, 0);
    }),
  ];
}
