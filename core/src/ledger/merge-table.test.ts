/**
 * The table of conflicts, row by row, on statements built by hand. Each test bears the row's number; what an engine or
 * a mapping adds later is named in the row, and its part of the ledger is what is looked at here.
 */
import { describe, expect, it } from 'vitest';
import { dailyMeasurement } from '../engine/daily-measurement.ts';
import { ledgerEvents } from '../engine/ledger-events.ts';
import type { JsonObject } from '../wire/json.ts';
import { claim, run } from './claim.test-support.ts';
import { Ledger, NOON, said } from './merge.test-support.ts';

const watch = (fields: JsonObject | null = run(), more = {}) => claim(fields, more);
const cloud = (fields: JsonObject | null, more = {}) =>
  claim(fields, {
    provider: 'cloud',
    connectionId: 'c2',
    externalId: 'copy-1',
    form: 'summary',
    origin: 'aggregator',
    identities: [],
    ...more,
  });
const workout = (day: string, title: string, more: JsonObject = {}): JsonObject => ({
  day,
  title,
  sport: 'run',
  ...more,
});
const HOUR_MS = 3_600_000;

describe('activities', () => {
  it('26: effort and notes typed offline stay beside what the watch measured, in one activity, without a question', async () => {
    const ledger = new Ledger();
    await ledger.mutate('put', 'activity', 'act_log', {
      sport: 'run',
      day: '2026-05-02',
      distanceM: 10_000,
      rpe: 7,
      notes: 'hard',
    });
    await ledger.claims(watch(run({ distanceM: 10_120, avgHeartRateBpm: 150 })));
    expect(ledger.one('activity').data).toMatchObject({
      distanceM: 10_120,
      avgHeartRateBpm: 150,
      rpe: 7,
      notes: 'hard',
    });
    expect(ledger.seen('question')).toEqual([]);
  });

  it('27: a typed distance 1.2 % off stays as a claim', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ distanceM: 10_120 })));
    const { id } = ledger.one('activity');
    await ledger.mutate('patch', 'activity', id, { distanceM: 10_000 });
    expect(ledger.one('activity').data.distanceM).toBe(10_120);
    expect(ledger.one('activity').alt).toEqual({ distanceM: { athlete: 10_000 } });
    expect(ledger.seen('question')).toEqual([]);
  });

  it('28: a typed distance far off is shown beside the device’s, and wins once the athlete calls the position bad', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ distanceM: 10_100 })));
    const { id } = ledger.one('activity');
    await ledger.mutate('patch', 'activity', id, { distanceM: 12_000 });
    expect(ledger.one('activity')).toMatchObject({
      data: { distanceM: 10_100 },
      alt: { distanceM: { athlete: 12_000 } },
    });
    await ledger.mutate('patch', 'activity', id, { gpsInvalid: true }, { minutes: 1 });
    expect(ledger.one('activity').data.distanceM).toBe(12_000);
  });

  it('29: a corrected treadmill distance rescales the speed and leaves the heart rate', async () => {
    const ledger = new Ledger();
    await ledger.claims(
      watch(
        run({
          subSport: 'treadmill',
          indoor: true,
          distanceM: 8_400,
          timerS: 3_000,
          elapsedS: 3_000,
          avgHeartRateBpm: 148,
        }),
      ),
    );
    const { id } = ledger.one('activity');
    await ledger.mutate('override', 'activity', id, { distanceM: 10_000 });
    expect(ledger.one('activity').data).toMatchObject({ distanceM: 10_000, avgSpeedMps: 3.333, avgHeartRateBpm: 148 });
  });

  it('30: effort given on the watch, changed in the app: sending the file again is no new word', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ rpe: 6 })));
    const { id } = ledger.one('activity');
    await ledger.mutate('patch', 'activity', id, { rpe: 8 });
    await ledger.claims(watch(run({ rpe: 6, energyKcal: 700 })));
    expect(ledger.one('activity').data).toMatchObject({ rpe: 8, energyKcal: 700 });
  });

  it.each([
    ['first phone first', ['a', 'b']],
    ['second phone first', ['b', 'a']],
  ])('31: of effort edited on two phones the later edit counts (%s)', async (_name, order) => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    const { id } = ledger.one('activity');
    const late = NOON + 3 * HOUR_MS;
    for (const phone of order) {
      const [rpe, minutes] = phone === 'a' ? [5, 2] : [7, 5];
      await ledger.mutate('patch', 'activity', id, { rpe }, { minutes, phone, arrivesMs: late });
    }
    expect(ledger.one('activity').data.rpe).toBe(7);
  });

  it('32: a phone three days ahead is clamped to when its edit came, so a later real edit counts', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    const { id } = ledger.one('activity');
    const ahead = await ledger.mutate(
      'patch',
      'activity',
      id,
      { notes: 'from the future' },
      { minutes: 3 * 24 * 60, phone: 'ahead', arrivesMs: NOON },
    );
    expect(ahead.stampClamped).toBe(true);
    await ledger.mutate('patch', 'activity', id, { notes: 'later and real' }, { minutes: 10, phone: 'b' });
    expect(ledger.one('activity').data.notes).toBe('later and real');
  });

  it('33: a reading that is an artefact is flagged; the mapping leaves it out of the maximum and keeps the series', async () => {
    const ledger = new Ledger();
    const series = { sha256: 'a'.repeat(64), channels: ['heartRateBpm'], points: 3_600 };
    await ledger.claims(watch(run({ maxHeartRateBpm: 176, heartRateArtefact: true }), { series }));
    expect(ledger.one('activity').data).toMatchObject({ maxHeartRateBpm: 176, heartRateArtefact: true });
  });

  it('34: "heart rate wrong" is a flag that engines read and hear of, and clearing it undoes it', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ avgHeartRateBpm: 190 })));
    const { id } = ledger.one('activity');
    const flagged = await ledger.mutate('patch', 'activity', id, { heartRateInvalid: true });
    expect(flagged.object?.data).toMatchObject({ avgHeartRateBpm: 190, heartRateInvalid: true });
    const after = ledger.store.stored.get(`activity/${id}`)!;
    expect(ledgerEvents('a', [{ before: after, after }])).toMatchObject([{ kind: 'activity', fromDay: '2026-05-02' }]);
    expect(flagged.rev).toBe(after.rev);
    await ledger.mutate('patch', 'activity', id, { heartRateInvalid: null }, { minutes: 1 });
    expect(ledger.one('activity').data).not.toHaveProperty('heartRateInvalid');
  });

  it('35: heart rate from the chest strap’s file, position from the watch’s, each group from one source', async () => {
    const ledger = new Ledger();
    const quality = (heartRateSource: 'wrist' | 'chest', samples: number) => ({
      coverageS: 3_600,
      samples,
      heartRateSource,
      altitudeSource: null,
    });
    await ledger.claims(
      watch(run({ avgHeartRateBpm: 150, maxHeartRateBpm: 170, track: 'watch' }), { quality: quality('wrist', 3_600) }),
      claim(run({ distanceM: 9_700, avgHeartRateBpm: 148, maxHeartRateBpm: 181, track: 'strap' }), {
        provider: 'belt',
        connectionId: 'c3',
        externalId: 'belt-1',
        quality: quality('chest', 3_000),
      }),
    );
    const { data } = ledger.one('activity');
    expect(data).toMatchObject({ distanceM: 10_000, track: 'watch', avgHeartRateBpm: 148, maxHeartRateBpm: 181 });
  });

  it('36: a provider’s title fills a blank and never replaces the athlete’s', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), cloud(run({ title: 'Lunch loop' })));
    expect(ledger.one('activity').data.title).toBe('Lunch loop');
    await ledger.mutate('patch', 'activity', ledger.one('activity').id, { title: 'Tempo!' });
    await ledger.claims(cloud(run({ title: 'Another name' })));
    expect(ledger.one('activity').data.title).toBe('Tempo!');
  });

  it('37: a corrected sport survives that the run is sent again', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    await ledger.mutate('override', 'activity', ledger.one('activity').id, { sport: 'hike' });
    await ledger.claims(watch(run({ energyKcal: 650 })));
    expect(ledger.one('activity').data).toMatchObject({ sport: 'hike', energyKcal: 650 });
  });

  it('38: a crop is kept in seconds beside the untouched recording, and survives that it is sent again', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    await ledger.mutate('patch', 'activity', ledger.one('activity').id, { cropEndS: 300 });
    await ledger.claims(watch(run({ distanceM: 10_600 })));
    expect(ledger.one('activity').data).toMatchObject({ cropEndS: 300, distanceM: 10_600, elapsedS: 3_600 });
  });

  it('39: what the athlete deleted stays deleted when a poll finds it again, under whatever copy', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    await ledger.mutate('delete', 'activity', ledger.one('activity').id);
    await ledger.claims(watch(run({ distanceM: 10_010 })), cloud(run()));
    expect(ledger.seen('activity')).toEqual([]);
  });

  it('40: deleted at one vendor, still at another: the copy and the notes stay, and the source is the other', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), cloud(run({ distanceM: 9_990 })));
    const { id } = ledger.one('activity');
    await ledger.mutate('patch', 'activity', id, { notes: 'windy' });
    await ledger.claims(watch(null));
    expect(ledger.one('activity').data).toMatchObject({
      distanceM: 9_990,
      notes: 'windy',
      sources: [{ provider: 'cloud', externalId: 'copy-1' }],
    });
    expect(await ledger.provenance('activity', ledger.one('activity').id)).toMatchObject({
      distanceM: 'provider:cloud',
      notes: 'athlete',
    });
  });
});

describe('days and nights', () => {
  const night = (startedAt: string, endedAt: string, more: JsonObject = {}): JsonObject => ({
    startedAt: `${startedAt}:00.000Z`,
    endedAt: `${endedAt}:00.000Z`,
    ...more,
  });
  const garmin = night('2026-05-01T23:10', '2026-05-02T06:50', { deepS: 5_000, score: 71 });
  const oura = night('2026-05-01T23:30', '2026-05-02T07:05', { deepS: 6_100, score: 84 });

  it('41: the preferred source tells the whole night; the other is left out, nothing is averaged', async () => {
    const ledger = new Ledger();
    await ledger.claims(said('sleep', 'garmin', 's1', garmin), said('sleep', 'oura', 's2', oura));
    expect(ledger.one('sleep').data.score).toBe(71);
    await ledger.mutate('put', 'settings', 'settings', { sourcePriority: { sleep: ['oura'] } });
    expect(ledger.one('sleep')).toMatchObject({
      id: '2026-05-02',
      day: '2026-05-02',
      data: { ...oura, durationS: 27_300 },
    });
  });

  it('42: a corrected waking time decides the interval; stages go, and the vendor’s score is marked stale', async () => {
    const ledger = new Ledger();
    await ledger.claims(said('sleep', 'garmin', 's1', garmin));
    await ledger.mutate('override', 'sleep', '2026-05-02', { endedAt: '2026-05-02T06:15:00.000Z' });
    const { data } = ledger.one('sleep');
    expect(data).toMatchObject({ endedAt: '2026-05-02T06:15:00.000Z', durationS: 25_500, score: 71, scoreStale: true });
    expect(data).not.toHaveProperty('deepS');
  });

  it('43: heart rate at rest comes from the preferred source alone', async () => {
    const ledger = new Ledger();
    await ledger.mutate('put', 'settings', 'settings', { sourcePriority: { restingHeartRate: ['garmin', 'apple'] } });
    await ledger.claims(
      said('wellness_day', 'apple', 'd1', { day: '2026-05-02', restingHeartRateBpm: 55 }),
      said('wellness_day', 'garmin', 'd1', { day: '2026-05-02', restingHeartRateBpm: 48 }),
    );
    expect(ledger.one('wellness_day')).toMatchObject({
      id: '2026-05-02',
      data: { restingHeartRateBpm: 48 },
      alt: { restingHeartRateBpm: { 'provider:apple': 55 } },
    });
  });

  it('44: RMSSD and SDNN are two fields', async () => {
    const ledger = new Ledger();
    await ledger.claims(
      said('wellness_day', 'garmin', 'd1', { day: '2026-05-02', hrvRmssdMs: 52 }),
      said('wellness_day', 'apple', 'd1', { day: '2026-05-02', hrvSdnnMs: 71 }),
    );
    expect(ledger.one('wellness_day').data).toEqual({ hrvRmssdMs: 52, hrvSdnnMs: 71 });
  });

  it('45: steps are of one source, the one that covers the day better, never the sum', async () => {
    const ledger = new Ledger();
    const covering = (coverageS: number) => ({
      quality: { coverageS, samples: 100, heartRateSource: null, altitudeSource: null },
    });
    await ledger.claims(
      said('wellness_day', 'watch', 'd1', { day: '2026-05-02', steps: 9_000 }, covering(40_000)),
      said(
        'wellness_day',
        'phone',
        'd1',
        { day: '2026-05-02', steps: 8_500 },
        { ...covering(85_000), origin: 'health_store' },
      ),
    );
    expect(ledger.one('wellness_day').data.steps).toBe(8_500);
  });

  it('46: a scale’s weight and a typed one are two measurements; the day’s value is the first of the morning', async () => {
    const ledger = new Ledger();
    await ledger.mutate('put', 'measurement', 'm_typed', { startedAt: '2026-05-02T20:00:00.000Z', weightKg: 70 });
    await ledger.claims(said('measurement', 'scale', 'w1', { startedAt: '2026-05-02T07:00:00.000Z', weightKg: 70.2 }));
    const both = ledger.seen('measurement');
    expect(both.map(({ data }) => data.weightKg).sort()).toEqual([70, 70.2]);
    expect(
      dailyMeasurement(
        both.map(({ data }) => data),
        'weightKg',
      ),
    ).toBe(70.2);
  });

  it('47: the newest revision of a diary’s day counts, and the event names the day it changed', async () => {
    const ledger = new Ledger();
    await ledger.claims(said('nutrition_day', 'diary', 'n1', { day: '2026-05-01', energyKcal: 1_800 }));
    const before = ledger.store.stored.get('nutrition_day/2026-05-01')!;
    await ledger.claims(said('nutrition_day', 'diary', 'n1', { day: '2026-05-01', energyKcal: 2_350 }));
    expect(ledger.one('nutrition_day').data.energyKcal).toBe(2_350);
    const after = ledger.store.stored.get('nutrition_day/2026-05-01')!;
    expect(ledgerEvents('a', [{ before, after }])).toEqual([
      { athleteId: 'a', type: 'changed', kind: 'nutrition_day', objectId: '2026-05-01', fromDay: '2026-05-01' },
    ]);
  });

  it('48: a diary’s 0 is no log: a typed total counts', async () => {
    const ledger = new Ledger();
    await ledger.claims(said('nutrition_day', 'diary', 'n1', { day: '2026-05-02', energyKcal: 0, carbohydrateG: 0 }));
    expect(ledger.one('nutrition_day').data).toEqual({});
    await ledger.mutate('put', 'nutrition_day', '2026-05-02', { energyKcal: 2_100 });
    expect(ledger.one('nutrition_day').data).toEqual({ energyKcal: 2_100 });
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T22:30', '2026-03-29T05:00', 6.5, '2026-03-29'],
    ['Europe/Berlin', '2026-10-24T21:30', '2026-10-25T06:00', 8.5, '2026-10-25'],
    ['America/New_York', '2026-03-08T04:00', '2026-03-08T10:30', 6.5, '2026-03-08'],
    ['America/New_York', '2026-11-01T03:00', '2026-11-01T11:30', 8.5, '2026-11-01'],
    ['Asia/Kolkata', '2026-05-01T17:45', '2026-05-02T01:15', 7.5, '2026-05-02'],
    ['Australia/Sydney', '2026-05-01T14:20', '2026-05-01T21:50', 7.5, '2026-05-02'],
  ])('56: a night in %s lasts as long as it did and bears the waking date', async (timeZone, from, to, hours, day) => {
    const ledger = new Ledger();
    await ledger.claims(said('sleep', 'watch', 's1', night(from, to, { timeZone })));
    expect(ledger.one('sleep')).toMatchObject({ day, data: { durationS: hours * 3_600 } });
  });

  it('57: of two sleeps that end on one date the longer is the night, the other a nap', async () => {
    const ledger = new Ledger();
    await ledger.claims(
      said('sleep', 'watch', 'nap', night('2026-05-02T20:00', '2026-05-02T21:30')),
      said('sleep', 'watch', 'main', night('2026-05-02T09:00', '2026-05-02T16:00')),
    );
    expect(ledger.one('sleep').data).toMatchObject({
      durationS: 7 * 3_600,
      naps: [{ startedAt: '2026-05-02T20:00:00.000Z', endedAt: '2026-05-02T21:30:00.000Z' }],
    });
  });

  const early = said('sleep', 'watch', 'early', night('2026-05-01T22:00', '2026-05-01T23:50', { asleepS: 6_000 }));
  const rest = said('sleep', 'watch', 'rest', night('2026-05-02T00:30', '2026-05-02T06:30', { asleepS: 20_000 }));
  it.each([
    ['in order', [early, rest]],
    ['the other way round', [rest, early]],
  ])('58: sleep that goes on after 40 minutes awake is one night of the later date (%s)', async (_name, parts) => {
    const ledger = new Ledger();
    for (const part of parts) await ledger.claims(part);
    expect(ledger.one('sleep')).toMatchObject({
      id: '2026-05-02',
      data: {
        startedAt: '2026-05-01T22:00:00.000Z',
        endedAt: '2026-05-02T06:30:00.000Z',
        asleepS: 26_000,
        awakeS: 2_400,
      },
    });
  });

  it('58: with more than an hour awake in between they are two, each of its waking date', async () => {
    const ledger = new Ledger();
    await ledger.claims(early, said('sleep', 'watch', 'rest', night('2026-05-02T01:30', '2026-05-02T06:30')));
    expect(ledger.seen('sleep').map(({ day }) => day)).toEqual(['2026-05-01', '2026-05-02']);
  });
});

describe('plans', () => {
  const week = [workout('2026-05-01', 'easy'), workout('2026-05-02', 'tempo'), workout('2026-05-08', 'long')];
  const titles = (ledger: Ledger) => ledger.seen('planned_workout').map(({ day, data }) => [day, data.title]);

  it('49: a move of a workout that the new plan still holds is kept; of one it dropped it is said', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    const [, tempo, long] = await planned(ledger, week);
    await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-02', 'tempo'), workout('2026-05-08', 'shorter')] });
    const kept = await ledger.mutate('patch', 'planned_workout', tempo!, { movedToDay: '2026-05-03' });
    const late = await ledger.mutate('patch', 'planned_workout', long!, { movedToDay: '2026-05-09' });
    expect([kept.status, late.status]).toEqual(['applied', 'superseded']);
    expect(ledger.seen('planned_workout').map(({ data }) => [data.title, data.movedToDay])).toEqual([
      ['tempo', '2026-05-03'],
      ['shorter', undefined],
    ]);
    expect(ledger.one('question').data).toMatchObject({
      code: 'edit_not_applied',
      about: [{ kind: 'planned_workout', id: long }],
      params: { wanted: '{"movedToDay":"2026-05-09"}' },
    });
  });

  it('50: today’s run was done before the new plan came: today stays, the plan begins tomorrow', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    const [, tempo] = await planned(ledger, week);
    await ledger.mutate('put', 'completion', 'done', { plannedWorkoutId: tempo!, outcome: 'done' });
    const before = ledger.store.stored.get(`planned_workout/${tempo}`);
    const outcome = await ledger.plan({
      readVersion: 1,
      workouts: [workout('2026-05-02', 'rest'), workout('2026-05-08', 'longer')],
    });
    expect(outcome).toMatchObject({ outcome: 'written', version: 2, effectiveFrom: '2026-05-03' });
    expect(titles(ledger)).toEqual([
      ['2026-05-02', 'tempo'],
      ['2026-05-08', 'longer'],
    ]);
    expect(ledger.store.stored.get(`planned_workout/${tempo}`)).toEqual(before);
  });

  it('50: the same when the completion comes after the plan that changed today', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    const [, tempo] = await planned(ledger, week);
    await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-02', 'rest'), workout('2026-05-08', 'longer')] });
    const done = await ledger.mutate('put', 'completion', 'done', { plannedWorkoutId: tempo!, outcome: 'done' });
    expect(done.status).toBe('applied');
    expect(titles(ledger)).toEqual([
      ['2026-05-02', 'tempo'],
      ['2026-05-08', 'longer'],
    ]);
    expect(ledger.seen('planned_workout')[0]?.data.completedBy).toBe('done');
    await ledger.mutate('delete', 'completion', 'done', {}, { minutes: 1 });
    expect(titles(ledger)).toEqual([
      ['2026-05-02', 'rest'],
      ['2026-05-08', 'longer'],
    ]);
  });

  it('50: the same when it was another day’s workout that was begun today', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week, today: '2026-05-01', effectiveFrom: '2026-05-01' });
    const [easy] = await planned(ledger, week);
    await ledger.mutate('put', 'completion', 'late', {
      plannedWorkoutId: easy!,
      outcome: 'started',
      day: '2026-05-02',
    });
    const outcome = await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-02', 'rest')] });
    expect(outcome).toMatchObject({ effectiveFrom: '2026-05-03' });
    await ledger.mutate('patch', 'completion', 'late', { outcome: 'skipped' }, { minutes: 1 });
    expect(await ledger.plan({ readVersion: 2, workouts: [] })).toMatchObject({ effectiveFrom: '2026-05-02' });
  });

  it('51: a workout under way while the plan is made anew is not deleted, and what was recorded still finds it', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    const [, tempo] = await planned(ledger, week);
    await ledger.mutate('put', 'completion', 'begun', {
      plannedWorkoutId: tempo!,
      outcome: 'started',
      startedAt: '2026-05-02T12:00:00.000Z',
    });
    await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-02', 'rest')] });
    await ledger.claims(watch());
    const { id: activityId } = ledger.one('activity');
    await ledger.mutate('patch', 'completion', 'begun', { outcome: 'done', activityId }, { minutes: 60 });
    expect(ledger.one('completion').data).toMatchObject({ plannedWorkoutId: tempo, activityId, outcome: 'done' });
    expect(titles(ledger)).toEqual([['2026-05-02', 'tempo']]);
  });

  it('52: of two plans made from one version the second is told that it is stale, and writes nothing', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    expect(await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-03', 'one')] })).toMatchObject({
      version: 2,
    });
    const rev = ledger.store.rev();
    expect(await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-03', 'other')] })).toEqual({
      outcome: 'stale',
      version: 2,
    });
    expect(ledger.store.rev()).toBe(rev);
    expect(await ledger.plan({ readVersion: 2, workouts: [workout('2026-05-03', 'other')] })).toMatchObject({
      version: 3,
    });
    expect(titles(ledger)).toEqual([['2026-05-03', 'other']]);
  });

  it('a workout that was done, dropped and planned again looks as it did', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    const [, , long] = await planned(ledger, week);
    await ledger.mutate('put', 'completion', 'done', { plannedWorkoutId: long!, outcome: 'done' });
    await ledger.mutate('delete', 'completion', 'done', {}, { minutes: 1 });
    await ledger.plan({ readVersion: 1, workouts: [] });
    await ledger.mutate('restore', 'completion', 'done', {}, { minutes: 2 });
    const before = ledger.seen('planned_workout');
    await ledger.plan({ readVersion: 2, workouts: week });
    expect(ledger.seen('planned_workout').find(({ id }) => id === long)).toEqual(before[0]);
  });

  it('what lies in the past is locked, and a plan cannot reach it', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week, today: '2026-05-01', effectiveFrom: '2026-05-01' });
    const past = ledger.seen('planned_workout')[0]!;
    const edit = await ledger.mutate('patch', 'planned_workout', past.id, { locked: true });
    expect(edit).toMatchObject({ status: 'rejected', code: 'plan_locked' });
    await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-01', 'other')], effectiveFrom: '2026-04-01' });
    expect(ledger.seen('planned_workout')).toEqual([past]);
  });

  it('an unchanged workout keeps its id and its rev, a locked one stays though the plan dropped it', async () => {
    const ledger = new Ledger();
    await ledger.plan({ workouts: week });
    const [tempo, long] = ledger.seen('planned_workout');
    await ledger.mutate('patch', 'planned_workout', long!.id, { locked: true });
    await ledger.plan({ readVersion: 1, workouts: [workout('2026-05-02', 'tempo')] });
    const [same, kept] = ledger.seen('planned_workout');
    expect(same).toEqual(tempo);
    expect(kept).toMatchObject({ id: long!.id, data: { locked: true } });
  });

  async function planned(ledger: Ledger, workouts: JsonObject[]): Promise<(string | undefined)[]> {
    const seen = ledger.seen('planned_workout');
    return workouts.map(({ day, title }) => seen.find((each) => each.day === day && each.data.title === title)?.id);
  }
});

describe('races, dates, zones, sources', () => {
  it('53: the catalogue moves a race whose date the athlete had corrected: theirs stays, the catalogue’s is shown beside it', async () => {
    const ledger = new Ledger();
    const told = (day: string) =>
      said('race', 'catalogue', '4711', { day, name: 'City Run', distanceM: 10_000 }, { connectionId: null });
    await ledger.mutate('put', 'race', 'catalogue:4711', { day: '2026-09-06', name: 'City Run', priority: 'A' });
    await ledger.claims(told('2026-09-06'));
    await ledger.mutate('override', 'race', 'catalogue:4711', { day: '2026-09-07' });
    await ledger.claims(told('2026-09-13'));
    expect(ledger.one('race')).toMatchObject({
      id: 'catalogue:4711',
      day: '2026-09-07',
      data: { priority: 'A', distanceM: 10_000 },
      alt: { day: { 'provider:catalogue': '2026-09-13' } },
    });
  });

  it('54: a run over midnight bears the date of its start and is not split', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ startedAt: '2026-05-02T21:40:00.000Z', timeZone: 'Europe/Berlin' })));
    expect(ledger.one('activity').day).toBe('2026-05-02');
  });

  it.each([
    ['2026-06-02T05:30:00.000Z', 'America/Los_Angeles', '2026-06-01'],
    ['2026-06-01T22:30:00.000Z', 'Asia/Tokyo', '2026-06-02'],
    ['2026-06-01T23:15:00.000Z', 'Europe/London', '2026-06-02'],
    ['2026-01-10T11:30:00.000Z', 'Pacific/Auckland', '2026-01-11'],
    ['2026-06-01T18:20:00.000Z', 'Asia/Kathmandu', '2026-06-02'],
    ['2026-06-02T02:20:00.000Z', 'America/St_Johns', '2026-06-01'],
  ])('55: a run at %s in %s is dated %s', async (startedAt, timeZone, day) => {
    const ledger = new Ledger('Europe/Berlin');
    await ledger.claims(watch(run({ startedAt, timeZone })));
    expect(ledger.one('activity').day).toBe(day);
  });

  it('55: runs on both sides of the date line may share a date, and are two', async () => {
    const ledger = new Ledger();
    await ledger.claims(
      watch(run({ startedAt: '2026-06-01T22:00:00.000Z', timeZone: 'Asia/Tokyo' })),
      claim(run({ startedAt: '2026-06-02T18:00:00.000Z', timeZone: 'America/Los_Angeles', distanceM: 8_000 }), {
        externalId: 'run-2',
      }),
    );
    expect(ledger.seen('activity').map(({ day }) => day)).toEqual(['2026-06-02', '2026-06-02']);
  });

  it('59: a file without position or zone is dated in the phone’s zone of the profile', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ startedAt: '2026-05-01T18:30:00.000Z' })));
    expect(ledger.one('activity').day).toBe('2026-05-01');
    await ledger.mutate('put', 'profile', 'profile', { timeZone: 'Pacific/Auckland' });
    expect(ledger.one('activity').day).toBe('2026-05-02');
    expect(ledger.one('activity').data).not.toHaveProperty('timeZone');
  });

  it('60: the same run counted in miles is one with it, within the tolerance, so nothing is said of it', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), cloud(run({ distanceM: 6.21 * 1_609.344 })));
    expect(ledger.one('activity')).toMatchObject({ data: { distanceM: 10_000 }, alt: {} });
  });

  it('61: a revoked source is withdrawn; the rest is resolved without it, and none of its titles stays', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(run({ distanceM: 10_120 })), cloud(run({ title: 'Morning in the park' })));
    await ledger.claims(cloud(null));
    const { data } = ledger.one('activity');
    expect(data.distanceM).toBe(10_120);
    expect(data).not.toHaveProperty('title');
    expect(data.sources).toEqual([{ provider: 'stride', externalId: 'run-1' }]);
  });

  it('62: two years of history after a month of live data: copies are found, and one event names the oldest date', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    const rev = ledger.store.rev();
    const before = new Map(ledger.store.stored);
    await ledger.claims(
      cloud(run()),
      cloud(run({ startedAt: '2024-05-02T06:00:00.000Z' }), { externalId: 'old-1' }),
      cloud(run({ startedAt: '2025-05-02T06:00:00.000Z' }), { externalId: 'old-2' }),
    );
    expect(ledger.seen('activity')).toHaveLength(3);
    const changed = [...ledger.store.stored.values()].filter((object) => object.rev > rev);
    const events = ledgerEvents(
      'a',
      changed.map((after) => ({ before: before.get(`activity/${after.id}`) ?? null, after })),
    );
    expect(events.map(({ fromDay }) => fromDay).sort()[0]).toBe('2024-05-02');
  });

  it('63: twice, and out of order, the result is the same', async () => {
    const results: string[] = [];
    const one = { ...watch(), order: { vendorVersion: 0, supersession: 0, receipt: 1, mappingVersion: 1 } };
    const two = {
      ...watch(run({ distanceM: 10_050 })),
      order: { vendorVersion: 0, supersession: 0, receipt: 2, mappingVersion: 1 },
    };
    for (const order of [
      [one, two],
      [two, one],
      [two, one, two, one],
    ]) {
      const ledger = new Ledger();
      for (const each of order) await ledger.claimAsIs(each);
      results.push(JSON.stringify(ledger.one('activity').data));
    }
    expect(new Set(results).size).toBe(1);
  });

  it('64: a payload older than the stored one is left out, unless the vendor’s own version is newer', async () => {
    const ledger = new Ledger();
    const stated = (distanceM: number, vendorVersion: number, receipt: number) => ({
      ...watch(run({ distanceM })),
      order: { vendorVersion, supersession: 0, receipt, mappingVersion: 1 },
    });
    await ledger.claimAsIs(stated(10_050, 5, 9));
    await ledger.claimAsIs(stated(10_000, 4, 12));
    expect(ledger.one('activity').data.distanceM).toBe(10_050);
    await ledger.claimAsIs(stated(10_080, 6, 3));
    expect(ledger.one('activity').data.distanceM).toBe(10_080);
  });

  it('65: the legs of a triathlon are activities of their own, of one outing; only the run is a run', async () => {
    const ledger = new Ledger();
    const leg = (part: number, sport: string, startMinute: number) =>
      claim(
        run({
          sport,
          startedAt: new Date(Date.parse('2026-05-02T06:00:00Z') + startMinute * 60_000).toISOString(),
          elapsedS: 1_800,
        }),
        {
          part,
          externalId: 'triathlon',
          groupKey: 'triathlon',
        },
      );
    await ledger.claims(leg(1, 'swim', 0), leg(2, 'ride', 31), leg(3, 'run', 62));
    const legs = ledger.seen('activity').map(({ data }) => data);
    expect(legs.map(({ sport }) => sport).sort()).toEqual(['ride', 'run', 'swim']);
    expect(new Set(legs.map(({ groupKey }) => groupKey))).toEqual(new Set(['triathlon']));
  });
});

describe('what the athlete says of two records', () => {
  const phone = (distanceM: number) =>
    claim(run({ startedAt: '2026-05-02T06:00:20.000Z', elapsedS: 3_570, distanceM }), {
      provider: 'phone',
      connectionId: 'c4',
      externalId: 'p-1',
      origin: 'phone_app',
    });

  it('"the same" joins what was in question, and the question is closed', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), phone(11_200));
    const question = ledger.one('question');
    expect(question.data.options).toEqual(['same', 'not_same']);
    await ledger.mutate('patch', 'question', question.id, { answer: 'same' });
    expect(ledger.one('activity').data).toMatchObject({ distanceM: 10_000, counted: true });
    expect(ledger.seen('question')).toEqual([]);
    await ledger.claims(phone(11_250));
    expect(ledger.seen('activity')).toHaveLength(1);
    await ledger.mutate('patch', 'question', question.id, { answer: null }, { minutes: 1 });
    expect(ledger.seen('activity')).toHaveLength(2);
    expect(ledger.one('question').id).toBe(question.id);
  });

  it('"not the same" lets both count, however often they are sent', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), phone(11_200));
    await ledger.mutate('patch', 'question', ledger.one('question').id, { answer: 'not_same' });
    await ledger.claims(phone(11_100), watch(run({ energyKcal: 1 })));
    expect(ledger.seen('activity').map(({ data }) => data.counted)).toEqual([true, true]);
    expect(ledger.seen('question')).toEqual([]);
  });

  it('an answer that is none of the options is refused with the options', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), phone(11_200));
    const answer = await ledger.mutate('patch', 'question', ledger.one('question').id, { answer: 'perhaps' });
    expect(answer).toMatchObject({
      status: 'rejected',
      code: 'invalid_value',
      detail: 'The answer must be one of: same, not_same.',
    });
  });

  it('two copies that were joined can be taken apart, stay apart, and come together again', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), phone(9_990));
    const { id } = ledger.one('activity');
    await ledger.mutate('patch', 'activity', id, { notSame: [{ provider: 'phone', externalId: 'p-1' }] });
    expect(ledger.seen('activity')).toHaveLength(2);
    await ledger.claims(phone(9_995), watch(run({ energyKcal: 1 })));
    expect(ledger.seen('activity')).toHaveLength(2);
    const holder = ledger.seen('activity').find(({ data }) => data.notSame !== undefined)!;
    await ledger.mutate('patch', 'activity', holder.id, { notSame: null }, { minutes: 1 });
    expect(ledger.seen('activity')).toHaveLength(1);
  });

  it('a change that is sent again is told the id its object has now, not the one it had then', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    ledger.store.knownRev = ledger.store.rev();
    const set = { sport: 'run', day: '2026-05-02', distanceM: 10_000 };
    const mutation = { mid: 'again', stamp: `${NOON}:0000`, kind: 'activity', id: 'act_log', op: 'put', set } as const;
    const send = () => ledger.push(mutation);
    expect(await send()).toMatchObject({ status: 'applied', aliasOf: 'activity_000' });
    expect(await send()).toMatchObject({ status: 'duplicate', aliasOf: 'activity_000' });
    await ledger.claims(watch(run({ startedAt: '2026-05-09T06:00:00.000Z' })));
    expect(ledger.seen('activity').map(({ id }) => id)).toContain('act_log');
    expect(await send()).not.toHaveProperty('aliasOf');
  });

  it('a log that fits two runs goes to the one the athlete names', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch(), claim(run({ startedAt: '2026-05-02T17:00:00.000Z' }), { externalId: 'run-2' }));
    await ledger.mutate('put', 'activity', 'act_log', { sport: 'run', day: '2026-05-02', distanceM: 10_000, rpe: 4 });
    const question = ledger.one('question');
    expect(question.data.code).toBe('which_activity');
    const evening = ledger.seen('activity').find(({ data }) => data.startedAt === '2026-05-02T17:00:00.000Z')!;
    await ledger.mutate('patch', 'question', question.id, { answer: evening.id });
    const runs = ledger.seen('activity').map(({ data }) => [data.startedAt, data.rpe]);
    expect(runs.sort()).toEqual([
      ['2026-05-02T06:00:00.000Z', undefined],
      ['2026-05-02T17:00:00.000Z', 4],
    ]);
  });

  it('what is left of a run whose source is gone is deleted when the athlete says so', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    await ledger.mutate('patch', 'activity', ledger.one('activity').id, { notes: 'mine' });
    await ledger.claims(watch(null));
    const question = ledger.one('question');
    expect(question.data.code).toBe('source_gone');
    await ledger.mutate('patch', 'question', question.id, { answer: 'delete' }, { minutes: 1 });
    expect(ledger.seen('activity')).toEqual([]);
    expect(ledger.seen('question')).toEqual([]);
  });

  it('of two texts written offline the later is shown, and the other is kept', async () => {
    const ledger = new Ledger();
    await ledger.claims(watch());
    const { id } = ledger.one('activity');
    await ledger.mutate('patch', 'activity', id, { notes: 'the later one' }, { minutes: 5, phone: 'a' });
    const late = await ledger.mutate(
      'patch',
      'activity',
      id,
      { notes: 'the earlier one' },
      { minutes: 2, phone: 'b', arrivesMs: NOON + HOUR_MS },
    );
    expect(late).toMatchObject({ status: 'merged', fields: { notes: 'kept_newer' } });
    expect(ledger.one('activity').data.notes).toBe('the later one');
    const { layers } = ledger.store.stored.get(`activity/${id}`)!.state;
    expect(layers[id]?.typed.notes?.earlier?.map(({ value }) => value)).toEqual(['the earlier one']);
  });
});
