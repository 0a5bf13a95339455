import type { ClaimDraft } from '@coach-hub/core';
import { fieldsOf } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { bytesOf, envelope, fixture, notification } from './fixture.test-support.ts';
import { normalise } from './normalise.ts';
import { split } from './split.ts';

const [run] = fixture('push-activities').activities!;
const [byHand] = fixture('push-manuallyUpdatedActivities').manuallyUpdatedActivities!;

function summary(change: { [key: string]: unknown } = {}, stream = 'activities') {
  const { claims, notes } = normalise(envelope(stream, { ...run, ...change }));
  return { claim: claims[0]!, fields: claims[0]!.fields!, notes, claims };
}

function expectOnlyRegistryFields({ fields }: ClaimDraft): void {
  for (const [field, value] of Object.entries(fields ?? {})) {
    const spec = fieldsOf('activity')?.[field];
    expect(spec?.type.safeParse(value).success, field).toBe(true);
  }
}

describe('a summary', () => {
  it('states what the watch measured, in our words and units', () => {
    const { claim, notes } = summary();
    expect(claim).toEqual({
      kind: 'activity',
      externalId: '5001',
      form: 'summary',
      part: 0,
      origin: 'vendor',
      identities: ['origin:garmin:5001'],
      groupKey: null,
      quality: null,
      vendorVersion: 0,
      supersession: 0,
      series: null,
      file: null,
      fields: {
        startedAt: '2026-05-01T04:40:00.000Z',
        timeZone: 'Europe/Zurich',
        utcOffsetS: 7_200,
        timerS: 3_000,
        distanceM: 10_020.4,
        maxSpeedMps: 4.9,
        avgHeartRateBpm: 152,
        maxHeartRateBpm: 174,
        avgCadenceSpm: 172,
        maxCadenceSpm: 190,
        energyKcal: 702,
        ascentM: 88,
        descentM: 86,
        sport: 'run',
        deviceName: 'forerunner955',
      },
    });
    expect(notes).toEqual([]);
  });

  it('states the duration as timer time, and neither elapsed, moving nor mean speed', () => {
    expect(summary().fields).not.toHaveProperty('elapsedS');
    expect(summary().fields).not.toHaveProperty('movingS');
    expect(summary().fields).not.toHaveProperty('avgSpeedMps');
  });

  it('leaves out what is absent or null, and keeps a 0 that is a value', () => {
    const { fields } = summary({
      averageHeartRateInBeatsPerMinute: null,
      totalElevationGainInMeters: 0,
      distanceInMeters: undefined,
    });
    expect(fields).not.toHaveProperty('avgHeartRateBpm');
    expect(fields).not.toHaveProperty('distanceM');
    expect(fields.ascentM).toBe(0);
  });

  it('takes a mean heart rate of 0 for a sensor that was not worn', () => {
    expect(summary({ averageHeartRateInBeatsPerMinute: 0 }).fields).not.toHaveProperty('avgHeartRateBpm');
  });

  it('reads numbers that come as decimals or as text', () => {
    const { fields } = summary({
      startTimeInSeconds: '1777610400.0',
      durationInSeconds: 3000.0,
      startTimeOffsetInSeconds: '7200',
    });
    expect(fields).toMatchObject({ startedAt: '2026-05-01T04:40:00.000Z', timerS: 3_000, utcOffsetS: 7_200 });
  });

  it.each([-25_200, 0, 19_800])(
    'keeps the device’s offset where no position tells the zone: %i',
    (startTimeOffsetInSeconds) => {
      const { fields } = summary({ startingLatitudeInDegree: null, startTimeOffsetInSeconds });
      expect(fields.utcOffsetS).toBe(startTimeOffsetInSeconds);
      expect(fields).not.toHaveProperty('timeZone');
    },
  );

  it('believes the position and not the device’s clock, and notes it', () => {
    const { fields, notes } = summary({ startTimeOffsetInSeconds: -25_200 });
    expect(fields).toMatchObject({ timeZone: 'Europe/Zurich', utcOffsetS: 7_200 });
    expect(notes).toMatchObject([{ code: 'device_clock_in_other_zone' }]);
  });

  it('leaves out a value no athlete reached, and notes the field but not the value', () => {
    const { fields, notes } = summary({
      averageHeartRateInBeatsPerMinute: 512,
      startingLatitudeInDegree: null,
      startTimeOffsetInSeconds: 200_000,
    });
    expect(fields).not.toHaveProperty('avgHeartRateBpm');
    expect(fields).not.toHaveProperty('utcOffsetS');
    expect(JSON.stringify(notes)).toContain('avgHeartRateBpm');
    expect(JSON.stringify(notes)).not.toContain('512');
  });

  it.each([
    [{ startTimeInSeconds: undefined }],
    [{ startTimeInSeconds: 'soon' }],
    [{ startTimeInSeconds: 0 }],
    [{ startTimeInSeconds: 1e15 }],
  ])('without a usable start is refused: %j', (change) => {
    expect(() => summary(change)).toThrow(expect.objectContaining({ code: 'normalise_failed' }));
  });

  it('is the newest statement of its id, even when it is shorter: athletes trim runs', () => {
    const { claim } = summary({ durationInSeconds: 1_800 });
    expect([claim.vendorVersion, claim.supersession]).toEqual([0, 0]);
  });

  it('gives the same claim whether the record was pushed or pulled, and again later', () => {
    const [pushed] = split(notification(fixture('push-activities'))).envelopes;
    const view = { ...envelope('activities', pushed!.bytes) };
    expect(normalise(view)).toEqual(normalise(view));
    expect(normalise(view).claims[0]!.fields).toEqual(summary().fields);
  });
});

describe('where a record comes from', () => {
  it('is the athlete’s hand when Garmin says so, in either stream', () => {
    const { claims } = normalise(envelope('manuallyUpdatedActivities', byHand));
    expect(claims[0]).toMatchObject({
      form: 'summary',
      origin: 'manual',
      fields: { timerS: 1_800, distanceM: 5_000, title: 'Easy' },
    });
    expect(summary({ manual: true }).claim.origin).toBe('manual');
  });

  it('is the device for a run that was merely corrected by hand', () => {
    expect(summary({ manual: false }, 'manuallyUpdatedActivities').claim.origin).toBe('vendor');
  });

  it('has no device name when Garmin calls it unknown', () => {
    expect(summary({ deviceName: 'unknown' }).fields).not.toHaveProperty('deviceName');
  });

  it('is noted when it was uploaded by hand', () => {
    expect(summary({ isWebUpload: true }).notes).toEqual([{ code: 'web_upload' }]);
  });
});

describe('a multisport outing', () => {
  it('is one claim for the whole, in no group, and one for each leg, in the group of the whole', () => {
    const whole = summary({ activityType: 'MULTI_SPORT', isParent: true }).claim;
    const leg = summary({ activityType: 'LAP_SWIMMING', parentSummaryId: '5001' }).claim;
    const between = summary({ activityType: 'SWIM_TO_BIKE_TRANSITION_V2', parentSummaryId: 5001 }).claim;
    expect([whole.groupKey, leg.groupKey, between.groupKey]).toEqual([null, 'garmin:5001', 'garmin:5001']);
    expect([whole, leg, between].map(({ part, fields }) => [part, fields!.sport])).toEqual([
      [0, 'multisport'],
      [0, 'swim'],
      [0, 'transition'],
    ]);
  });
});

describe('a title', () => {
  it.each([
    ['Zurich Running', 'RUNNING'],
    ['Running', 'RUNNING'],
    ['zürich running', 'RUNNING'],
    ['Zurich Trail Running', 'TRAIL_RUNNING'],
    ['Treadmill Running', 'TREADMILL_RUNNING'],
    ['Zurich Running', 'TRAIL_RUNNING'],
    ['Zurich Road Cycling', 'ROAD_BIKING'],
    ['Pool Swim', 'LAP_SWIMMING'],
    ['Zurich Ultra Running', 'ULTRA_RUN'],
    ['  ', 'RUNNING'],
  ])('"%s" of a %s is Garmin’s own and not stated', (activityName, activityType) => {
    expect(summary({ activityName, activityType }).fields).not.toHaveProperty('title');
  });

  it.each([
    ['Threshold 4x5', 'RUNNING'],
    ['Running with Ana', 'RUNNING'],
    ['Outrunning', 'RUNNING'],
    ['Zurich Running', 'HIKING'],
  ])('"%s" of a %s is the athlete’s', (activityName, activityType) => {
    expect(summary({ activityName, activityType }).fields.title).toBe(activityName);
  });

  it('goes with the athlete’s notes, and neither is longer than a field may be', () => {
    const { claim } = summary({ activityName: 'a'.repeat(500), activityDescription: ` ${'b'.repeat(20_000)}` });
    expect([claim.fields!.title, claim.fields!.notes].map((text) => String(text).length)).toEqual([200, 10_000]);
    expectOnlyRegistryFields(claim);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['no JSON', envelope('activities', bytesOf('{'))],
    ['no object', envelope('activities', [])],
    ['no activity id', { ...envelope('activities', run), externalId: null }],
    ['a stream of another plugin', envelope('sleeps', run)],
  ])('is refused: %s', (_what, view) => {
    expect(() => normalise(view)).toThrow(expect.objectContaining({ code: 'normalise_failed' }));
  });
});

describe('every claim', () => {
  it('holds only fields of the registry', () => {
    for (const claim of [
      ...summary().claims,
      ...normalise(envelope('activityDetails', fixture('push-activityDetails').activityDetails![0])).claims,
    ]) {
      expectOnlyRegistryFields(claim);
    }
  });
});
