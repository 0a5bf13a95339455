import { describe, expect, it } from 'vitest';
import { envelope, fixture } from './fixture.test-support.ts';
import { normalise } from './normalise.ts';

const START_S = 1_767_240_000;
type Sample = { [key: string]: unknown };
const [documented] = fixture('push-activityDetails').activityDetails! as [
  { summary: object; samples: Sample[]; laps: object[] } & { [key: string]: unknown },
];

function details(change: { [key: string]: unknown } = {}) {
  const { claims, notes } = normalise(envelope('activityDetails', { ...documented, ...change }));
  return { claim: claims[0]!, fields: claims[0]!.fields!, notes };
}

const at = (timeS: number, values: Sample = {}): Sample => ({ startTimeInSeconds: START_S + timeS, ...values });

describe('details', () => {
  it('state the summary once more, with what only samples know', () => {
    const { claim, notes } = details();
    expect(claim).toMatchObject({
      externalId: '5001',
      form: 'details',
      origin: 'vendor',
      part: 0,
      quality: { samples: 6, coverageS: 0 },
      fields: {
        startedAt: '2026-01-01T04:00:00.000Z',
        timeZone: 'Europe/Zurich',
        sport: 'run',
        distanceM: 1_800,
        avgHeartRateBpm: 140,
        timerS: 600,
        elapsedS: 660,
        movingS: 597,
        avgPowerW: 212,
        maxPowerW: 212,
        avgTemperatureC: 12,
      },
    });
    expect(notes).toEqual([]);
  });

  it('hold the samples as a series and a track to show offline', () => {
    const { claim } = details();
    expect(claim.series).toMatchObject({
      points: 6,
      channels: [
        'timeS',
        'latitudeDeg',
        'longitudeDeg',
        'distanceM',
        'altitudeM',
        'heartRateBpm',
        'cadenceSpm',
        'powerW',
        'speedMps',
        'temperatureC',
      ],
    });
    expect(claim.fields!.track).toEqual(expect.any(String));
  });

  it('do not state the title, which an athlete may have changed since', () => {
    expect(details({ summary: { ...documented.summary, activityName: 'Threshold' } }).fields).not.toHaveProperty(
      'title',
    );
  });

  it('accept the other spelling of the temperature, and of numbers', () => {
    const { claim } = details({
      samples: [at(0, { airTemperatureCelsius: '12' }), at(1, { heartRate: 120.0 })],
      laps: [],
    });
    expect(claim.series?.channels).toEqual(['timeS', 'heartRateBpm', 'temperatureC']);
  });

  it('of the bike count revolutions', () => {
    const summary = { ...documented.summary, activityType: 'ROAD_BIKING', averageBikeCadenceInRoundsPerMinute: 88 };
    const { claim } = details({ summary, samples: [at(0, { bikeCadenceInRPM: 90 }), at(1)], laps: [] });
    expect(claim.fields).toMatchObject({ sport: 'ride', avgCadenceSpm: 88 });
    expect(claim.series?.channels).toEqual(['timeS', 'cadenceSpm']);
  });
});

describe('samples', () => {
  it('are put in order, one a second, the later word winning', () => {
    const samples = [
      at(10, { heartRate: 130 }),
      at(0, { heartRate: 120 }),
      at(10, { powerInWatts: 200 }),
      at(10, { heartRate: 131 }),
    ];
    expect(details({ samples, laps: [at(0)] }).fields).toMatchObject({
      laps: [{ maxHeartRateBpm: 131, avgPowerW: 200 }],
    });
    expect(details({ samples }).claim.series?.points).toBe(2);
  });

  it.each([
    ['before the start', at(-1)],
    ['days later', at(3 * 86_400)],
    ['at no time', {}],
    ['no object', null],
  ])('%s are set aside, with a note', (_what, sample) => {
    const { claim, notes } = details({ samples: [...documented.samples, sample] });
    expect(claim.series?.points).toBe(6);
    expect(notes).toEqual([{ code: 'samples_set_aside', params: { samples: 1 } }]);
  });

  it('that are missing leave a claim without elapsed time, laps and series', () => {
    const { claim, fields } = details({ samples: [] });
    expect(fields).toMatchObject({ timerS: 600, sport: 'run' });
    for (const field of ['elapsedS', 'movingS', 'laps', 'track']) expect(fields).not.toHaveProperty(field);
    expect([claim.series, claim.quality]).toEqual([null, null]);
  });

  it('without a position leave no track, and a half position is none', () => {
    const { claim, fields } = details({
      samples: [at(0, { latitudeInDegree: 47, heartRate: 120 }), at(600, { longitudeInDegree: 8, heartRate: 121 })],
    });
    expect(fields).not.toHaveProperty('track');
    expect(claim.series?.channels).toEqual(['timeS', 'heartRateBpm']);
  });

  it('tell elapsed time by the clock where they stop early', () => {
    expect(
      details({ samples: [at(0), at(100, { heartRate: 100, clockDurationInSeconds: 640 })] }).fields.elapsedS,
    ).toBe(640);
    expect(details({ samples: [at(0), at(100, { heartRate: 100 })] }).fields.elapsedS).toBe(600);
  });
});

describe('laps', () => {
  it('get every figure from the samples; the last one ends with the activity', () => {
    expect(details().fields.laps).toEqual([
      {
        startedAt: '2026-01-01T04:00:00.000Z',
        elapsedS: 300,
        timerS: 300,
        distanceM: 900,
        // 121 for 100 s, 138 for 200 s
        avgHeartRateBpm: 132,
        maxHeartRateBpm: 138,
        avgCadenceSpm: 168,
        avgPowerW: 212,
        ascentM: null,
      },
      {
        startedAt: '2026-01-01T04:05:00.000Z',
        elapsedS: 360,
        timerS: 300,
        distanceM: 900,
        // the pause of 60 s weighs nothing: 118 for 100 s of timer, 144 for 200 s
        avgHeartRateBpm: 135,
        maxHeartRateBpm: 145,
        avgCadenceSpm: 168,
        avgPowerW: 212,
        ascentM: null,
      },
    ]);
  });

  it('count once, in order, and only within the activity', () => {
    const laps = [at(300), at(0), at(300), at(900), at(-5), {}, null].map((lap) => lap);
    expect((details({ laps }).fields.laps as object[]).length).toBe(2);
  });

  it('are not stated when there are none', () => {
    expect(details({ laps: undefined }).fields).not.toHaveProperty('laps');
  });

  it('without a timer weigh by the clock, and know no timer time', () => {
    const samples = [at(0, { heartRate: 100 }), at(300, { heartRate: 160 })];
    const [lap] = details({ samples, laps: [at(0)], summary: { ...documented.summary, durationInSeconds: 400 } }).fields
      .laps as object[];
    expect(lap).toMatchObject({ elapsedS: 400, timerS: null, avgHeartRateBpm: 115, distanceM: null });
  });
});
