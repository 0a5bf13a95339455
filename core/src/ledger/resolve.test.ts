import { describe, expect, it } from 'vitest';
import { activity } from '../model/activity.ts';
import { claim, layer, run, state } from './claim.test-support.ts';
import { viewOf } from './view.ts';

const view = (...args: Parameters<typeof state>) =>
  viewOf('activity', state(...args), activity, { timeZone: 'UTC', sourcePriority: {} });

describe('a run edited on the phone while the watch file is processed', () => {
  it('keeps the distance the watch measured and the effort the athlete felt', () => {
    const seen = view([claim(run({ distanceM: 10_120 }))], { act_1: layer({ distanceM: 10_000, rpe: 7 }) });
    expect(seen.data).toMatchObject({ distanceM: 10_120, rpe: 7 });
    expect(seen.provenance).toMatchObject({ distanceM: 'provider:stride', rpe: 'athlete' });
    expect(seen.alt).toEqual({ distanceM: { athlete: 10_000 } });
  });

  it('says nothing of a typed distance that is the same within the tolerance', () => {
    expect(view([claim(run())], { act_1: layer({ distanceM: 10_015 }) }).alt).toEqual({});
  });

  it('shows the typed distance where no device measured one', () => {
    const seen = view([claim({ sport: 'run', startedAt: run().startedAt as string, timerS: 3_600 })], {
      act_1: layer({ distanceM: 9_000 }),
    });
    expect(seen.data).toMatchObject({ distanceM: 9_000, avgSpeedMps: 2.5 });
    expect(seen.provenance.distanceM).toBe('athlete');
  });

  it('lets the value of a lost source come back', () => {
    const watch = claim(run({ distanceM: 10_120 }));
    const typed = { act_1: layer({ distanceM: 10_000, day: '2026-05-02' }) };
    expect(view([{ ...watch, fields: null }], typed).data.distanceM).toBe(10_000);
  });
});

describe('which source decides a measured group', () => {
  const watch = claim(run({ avgHeartRateBpm: 150, maxHeartRateBpm: 170 }), {
    quality: { coverageS: 3_600, samples: 3_600, heartRateSource: 'wrist', altitudeSource: null },
  });
  const strap = claim(run({ distanceM: 9_700, avgHeartRateBpm: 148, maxHeartRateBpm: 181 }), {
    provider: 'belt',
    connectionId: 'c2',
    externalId: 'belt-1',
    quality: { coverageS: 3_600, samples: 3_000, heartRateSource: 'chest', altitudeSource: null },
  });

  it('takes heart rate from the chest strap and position from the watch that sampled more', () => {
    const seen = view([watch, strap]);
    expect(seen.data).toMatchObject({ distanceM: 10_000, avgHeartRateBpm: 148, maxHeartRateBpm: 181 });
    expect(seen.provenance).toMatchObject({ distanceM: 'provider:stride', avgHeartRateBpm: 'provider:belt' });
  });

  it('does not depend on the order the sources came in', () => {
    expect(view([strap, watch]).data).toEqual(view([watch, strap]).data);
  });

  it('prefers the device’s file to its vendor’s summary, field by field within one device', () => {
    const summary = claim(run({ distanceM: 10_010, energyKcal: 700 }), { form: 'summary', origin: 'vendor' });
    const seen = view([summary, claim(run())]);
    expect(seen.data).toMatchObject({ distanceM: 10_000, energyKcal: 700 });
    expect(seen.alt).toEqual({});
  });

  it('lets a source that covers the whole run win over a better one that covers 70 %', () => {
    const cut = claim(run(), {
      quality: { coverageS: 2_520, samples: 2_520, heartRateSource: null, altitudeSource: null },
    });
    const whole = claim(run({ distanceM: 10_300 }), {
      provider: 'cloud',
      connectionId: 'c2',
      externalId: 'x',
      origin: 'vendor',
      quality: { coverageS: 3_590, samples: 3_590, heartRateSource: null, altitudeSource: null },
    });
    expect(view([cut, whole]).data.distanceM).toBe(10_300);
  });

  it('keeps the better one when it is two levels above', () => {
    const cut = claim(run(), {
      quality: { coverageS: 2_520, samples: 2_520, heartRateSource: null, altitudeSource: null },
    });
    const phone = claim(run({ distanceM: 10_300 }), {
      provider: 'phone',
      connectionId: 'c2',
      externalId: 'x',
      origin: 'phone_app',
      quality: { coverageS: 3_590, samples: 3_590, heartRateSource: null, altitudeSource: null },
    });
    expect(view([cut, phone]).data.distanceM).toBe(10_000);
  });

  it('takes the sport from the source that knows it', () => {
    const unknown = claim(run({ sport: 'other', deviceName: 'x' }));
    const knows = claim(run({ sport: 'run', subSport: 'trail' }), {
      provider: 'health',
      connectionId: 'c2',
      externalId: 'h',
      origin: 'health_store',
    });
    expect(view([unknown, knows]).data).toMatchObject({ sport: 'run', subSport: 'trail' });
  });
});

describe('how it felt', () => {
  const asked = claim(run({ rpe: 6 }));
  it('takes the watch’s answer as the athlete’s word at the end of the run', () => {
    expect(view([asked]).data.rpe).toBe(6);
  });
  it('takes the later word in the app, and a re-send is not a new word', () => {
    expect(view([{ ...asked, order: { ...asked.order, receipt: 9 } }], { act_1: layer({ rpe: 8 }) }).data.rpe).toBe(8);
  });
  it('takes an effort of 0 as not given', () => {
    expect(view([claim(run({ rpe: 0 }))]).data.rpe).toBeUndefined();
  });
  it('lets the newest of two phones win in every order', () => {
    const early = layer({ rpe: 5 }, { minutes: 2 });
    const late = layer({ rpe: 7 }, { minutes: 5, clientId: 'phone-b' });
    expect(view([asked], { act_1: early, act_2: late }).data.rpe).toBe(7);
    expect(view([asked], { act_2: late, act_1: early }).data.rpe).toBe(7);
  });
});

describe('corrections', () => {
  it('lets the athlete correct a treadmill’s distance, and the speed follows', () => {
    const seen = view([claim(run({ distanceM: 8_400, subSport: 'treadmill', indoor: true }))], {
      act_1: layer({}, { override: { distanceM: 10_000 } }),
    });
    expect(seen.data).toMatchObject({ distanceM: 10_000, avgSpeedMps: 2.778 });
    expect(seen.provenance.distanceM).toBe('override');
    expect(seen.alt.distanceM).toEqual({ 'provider:stride': 8_400 });
  });
  it('does not let a distance outdoors be corrected unless the position is called wrong', () => {
    const outdoors = claim(run());
    expect(view([outdoors], { act_1: layer({}, { override: { distanceM: 12_000 } }) }).data.distanceM).toBe(10_000);
    expect(view([outdoors], { act_1: layer({ gpsInvalid: true, distanceM: 12_000 }) }).data.distanceM).toBe(12_000);
  });
  it('keeps a corrected sport when the vendor sends its own again', () => {
    const seen = view([claim(run({ subSport: 'road' }))], { act_1: layer({}, { override: { sport: 'hike' } }) });
    expect(seen.data.sport).toBe('hike');
    expect(seen.data.subSport).toBeUndefined();
  });
  it('prefers the athlete’s title and keeps the provider’s beside it', () => {
    const seen = view([claim(run({ title: 'Lakeside' }))], { act_1: layer({ title: 'Tempo!' }) });
    expect(seen.data.title).toBe('Tempo!');
    expect(seen.alt.title).toEqual({ 'provider:stride': 'Lakeside' });
  });
});

describe('deleting', () => {
  const tombstone = (value: boolean, minutes: number) => ({
    ...layer({}),
    deleted: { value, stamp: `${Date.parse('2026-05-02T12:00:00Z') + minutes * 60_000}:0000`, clientId: 'a' },
  });
  it('hides the activity however often the device sends it again', () => {
    expect(view([claim(run())], { act_1: tombstone(true, 0) }).deleted).toBe(true);
  });
  it('is undone only by a later restore', () => {
    expect(view([claim(run())], { act_1: tombstone(true, 0), act_2: tombstone(false, 1) }).deleted).toBe(false);
    expect(view([claim(run())], { act_1: tombstone(true, 2), act_2: tombstone(false, 1) }).deleted).toBe(true);
  });
});
