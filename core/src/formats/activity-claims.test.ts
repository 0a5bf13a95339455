import { describe, expect, it } from 'vitest';
import { activity } from '../model/activity.ts';
import type { ClaimDraft } from '../provider/envelope.ts';
import { decodePolyline } from '../series/polyline.ts';
import { itForEveryRecording, recording } from '../series/recordings.test-support.ts';
import { decodeSeries } from '../series/series-codec.ts';
import { type ActivityFileSource, activityClaims } from './activity-claims.ts';
import type { DecodedActivityFile, DecodedLap, DecodedSession } from './decoded.ts';
import { NOTHING_STATED } from './nothing-stated.ts';

const SHA = 'ab12'.repeat(16);
const START = Date.parse('2026-05-02T06:00:00.000Z');

/** A session of which nothing is known but its start and its sport. */
function session(stated: Partial<DecodedSession> = {}): DecodedSession {
  return {
    ...NOTHING_STATED,
    sport: 'run',
    startedAtMs: START,
    laps: [],
    columns: { timeS: new Float64Array(0) },
    ...stated,
  };
}

function fitFile(sessions: DecodedSession[], stated: Partial<DecodedActivityFile> = {}): DecodedActivityFile {
  return {
    format: 'fit',
    fileId: null,
    fileType: 'activity',
    device: { name: null, manufacturer: null, serial: null, firmware: null },
    utcOffsetS: null,
    status: 'complete',
    sessions,
    notes: [],
    ...stated,
  };
}

function source(stated: Partial<ActivityFileSource> = {}): ActivityFileSource {
  return { externalId: '4711', sha256: SHA, fileName: 'morning.fit', mediaType: 'application/vnd.ant.fit', ...stated };
}

function claimOf(file: DecodedActivityFile, from = source()): ClaimDraft {
  return activityClaims(file, from).claims[0]!;
}

function fieldsOf(stated: Partial<DecodedSession>, file: Partial<DecodedActivityFile> = {}, from = source()) {
  return claimOf(fitFile([session(stated)], file), from).fields;
}

function notesOf(stated: Partial<DecodedSession>, file: Partial<DecodedActivityFile> = {}, from = source()) {
  return activityClaims(fitFile([session(stated)], file), from).notes;
}

/** Columns of someone who is in one place. */
function staying(latitude: number, longitude: number): DecodedSession['columns'] {
  return {
    timeS: Float64Array.of(0, 1, 2),
    latitudeDeg: Float64Array.of(Number.NaN, latitude, latitude),
    longitudeDeg: Float64Array.of(Number.NaN, longitude, longitude),
  };
}

const BERLIN = staying(52.52, 13.4);

function lap(stated: Partial<DecodedLap> = {}): DecodedLap {
  return {
    startedAtMs: START,
    elapsedS: 300,
    timerS: 300,
    distanceM: 1_000,
    avgHeartRateBpm: null,
    maxHeartRateBpm: null,
    avgCadenceSpm: null,
    avgPowerW: null,
    ascentM: null,
    ...stated,
  };
}

describe('a file with one session', () => {
  it('is one claim that states what the file says, and nothing else', () => {
    const run = session({ elapsedS: 3_605, timerS: 3_600, distanceM: 10_120.5, avgHeartRateBpm: 152 });
    expect(activityClaims(fitFile([run]), source())).toEqual({
      claims: [
        {
          kind: 'activity',
          externalId: '4711',
          form: 'file',
          part: 0,
          origin: 'device',
          identities: [`file:${SHA}:0`],
          groupKey: null,
          quality: { coverageS: 0, samples: 0, heartRateSource: null, altitudeSource: null },
          fields: {
            startedAt: '2026-05-02T06:00:00.000Z',
            sport: 'run',
            elapsedS: 3_605,
            timerS: 3_600,
            distanceM: 10_120.5,
            avgHeartRateBpm: 152,
          },
          vendorVersion: 0,
          supersession: 0,
          series: null,
          file: { name: 'morning.fit', mediaType: 'application/vnd.ant.fit' },
        },
      ],
      notes: [],
    });
  });

  it('hands on what the decoder noticed', () => {
    expect(notesOf({}, { notes: [{ code: 'crc_wrong', params: { part: 1 } }] })).toEqual([
      { code: 'crc_wrong', params: { part: 1 } },
    ]);
  });

  it('keeps 0 as a value', () => {
    expect(fieldsOf({ distanceM: 0, avgHeartRateBpm: 0, ascentM: 0 })).toMatchObject({
      distanceM: 0,
      avgHeartRateBpm: 0,
      ascentM: 0,
    });
  });

  it('has no zero below zero, which JSON does not know', () => {
    const laps = [lap({ avgPowerW: -0 })];
    const { maxPowerW, laps: stated } = fieldsOf({ maxPowerW: -0, laps }) as { maxPowerW: number; laps: object[] };
    expect(maxPowerW).toBe(0);
    expect(stated).toEqual([expect.objectContaining({ avgPowerW: 0 })]);
  });

  it('does not take an effort of 0 for an answer', () => {
    expect(fieldsOf({ rpe: 0, feel: 4 })).toEqual({ startedAt: '2026-05-02T06:00:00.000Z', sport: 'run', feel: 4 });
    expect(fieldsOf({ rpe: 6 })).toMatchObject({ rpe: 6 });
  });

  it('says whether it was indoors only where it names a sub-sport', () => {
    expect(fieldsOf({ subSport: 'treadmill' })).toMatchObject({ subSport: 'treadmill', indoor: true });
    expect(fieldsOf({ subSport: 'trail' })).toMatchObject({ subSport: 'trail', indoor: false });
    expect(fieldsOf({})).not.toHaveProperty('indoor');
  });

  it('names the device and its firmware', () => {
    const device = { name: 'Watch 7', manufacturer: '1', serial: 5, firmware: '9.10' };
    expect(fieldsOf({}, { device })).toMatchObject({ deviceName: 'Watch 7', deviceFirmware: '9.10' });
  });

  it.each([
    ['a heart rate', { maxHeartRateBpm: 400 }, 'maxHeartRateBpm'],
    ['a number that is none', { avgPowerW: Number.NaN }, 'avgPowerW'],
    ['an endless distance', { distanceM: Number.POSITIVE_INFINITY }, 'distanceM'],
    ['a duration below zero', { timerS: -1 }, 'timerS'],
    ['half a feeling', { feel: 2.5 }, 'feel'],
  ])('leaves out %s that cannot be, and says so', (_, stated, field) => {
    expect(fieldsOf(stated)).not.toHaveProperty(field);
    expect(notesOf(stated)).toEqual([{ code: 'value_out_of_range', params: { part: 0, field } }]);
  });

  it.each([null, 9e15, Number.NaN])('has no start when the file has none that can be: %s', (startedAtMs) => {
    expect(fieldsOf({ startedAtMs, columns: BERLIN }, {}, source({ timeZone: 'Europe/Berlin' }))).not.toHaveProperty(
      'startedAt',
    );
    expect(notesOf({ startedAtMs })).toEqual([{ code: 'start_unknown', params: { part: 0 } }]);
  });
});

describe('where a claim comes from', () => {
  it.each([
    ['fit', 'activity', 'device'],
    ['fit', 'course', 'track_import'],
    ['fit', null, 'track_import'],
    ['tcx', null, 'track_import'],
    ['gpx', 'activity', 'track_import'],
  ] as const)('%s of type %s: %s', (format, fileType, origin) => {
    expect(claimOf(fitFile([session()], { format, fileType })).origin).toBe(origin);
  });
});

describe('what proves that two files are one activity', () => {
  const id = { manufacturer: '1', product: '2604', serial: 3948522231, createdAtS: 1528988122 };

  it('is the file itself, and maker, serial and time of the device', () => {
    expect(claimOf(fitFile([session()], { fileId: id })).identities).toEqual([
      `file:${SHA}:0`,
      'fit:1:3948522231:1528988122:0',
    ]);
  });

  it.each([
    ['serial 0', { ...id, serial: 0 }],
    ['no serial', { ...id, serial: null }],
    ['no time', { ...id, createdAtS: null }],
    ['no maker', { ...id, manufacturer: null }],
  ])('is only the file with %s', (_, fileId) => {
    expect(claimOf(fitFile([session()], { fileId })).identities).toEqual([`file:${SHA}:0`]);
  });
});

describe('a file with several sessions', () => {
  const legs = [
    session({ part: 1, sport: 'swim', subSport: 'open_water' }),
    session({ part: 2, sport: 'transition' }),
    session({ part: 3, sport: 'ride', avgPowerW: -5 }),
  ];
  const triathlon = fitFile(legs, { fileId: { manufacturer: '1', product: null, serial: 7, createdAtS: 1_000 } });

  it('is a claim for each, with the session in its identities', () => {
    const { claims } = activityClaims(triathlon, source());
    expect(
      claims.map(({ part, externalId, fields, identities }) => [part, externalId, fields?.sport, identities]),
    ).toEqual([
      [1, '4711', 'swim', [`file:${SHA}:1`, 'fit:1:7:1000:1']],
      [2, '4711', 'transition', [`file:${SHA}:2`, 'fit:1:7:1000:2']],
      [3, '4711', 'ride', [`file:${SHA}:3`, 'fit:1:7:1000:3']],
    ]);
  });

  it('makes them one outing, the same whoever brings the file', () => {
    const groups = (externalId: string) =>
      activityClaims(triathlon, source({ externalId })).claims.map(({ groupKey }) => groupKey);
    expect(groups('4711')).toEqual(Array(3).fill(`outing:${SHA.slice(0, 32)}`));
    expect(groups('another')).toEqual(groups('4711'));
  });

  it('says which of them a note is about', () => {
    expect(activityClaims(triathlon, source()).notes).toEqual([
      { code: 'value_out_of_range', params: { part: 3, field: 'avgPowerW' } },
    ]);
  });
});

describe('laps', () => {
  it('are stated as the device cut them', () => {
    const laps = [lap(), lap({ startedAtMs: START + 300_000, avgHeartRateBpm: 150 })];
    const figures = { elapsedS: 300, timerS: 300, distanceM: 1_000, maxHeartRateBpm: null, avgCadenceSpm: null };
    expect(fieldsOf({ laps })?.laps).toEqual([
      { startedAt: '2026-05-02T06:00:00.000Z', ...figures, avgHeartRateBpm: null, avgPowerW: null, ascentM: null },
      { startedAt: '2026-05-02T06:05:00.000Z', ...figures, avgHeartRateBpm: 150, avgPowerW: null, ascentM: null },
    ]);
  });

  it('lose a figure that cannot be, but not the lap', () => {
    const laps = [lap({ maxHeartRateBpm: 999, avgPowerW: -1 }), lap()];
    expect(fieldsOf({ laps })?.laps).toMatchObject([{ distanceM: 1_000, maxHeartRateBpm: null, avgPowerW: null }, {}]);
    expect(notesOf({ laps })).toEqual([{ code: 'lap_value_out_of_range', params: { part: 0, laps: 1 } }]);
  });

  it('are left out one by one where their start cannot be, and all when there are too many', () => {
    expect(fieldsOf({ laps: [lap({ startedAtMs: Number.NaN }), lap()] })?.laps).toHaveLength(1);
    expect(notesOf({ laps: [lap({ startedAtMs: Number.NaN })] })).toEqual([
      { code: 'lap_start_unknown', params: { part: 0, laps: 1 } },
    ]);
    expect(fieldsOf({ laps: Array(2_001).fill(lap()) })).not.toHaveProperty('laps');
  });
});

describe('local time', () => {
  it('is that of the first position, in the offset of that day', () => {
    expect(fieldsOf({ columns: BERLIN }, {}, source({ timeZone: 'America/New_York' }))).toMatchObject({
      timeZone: 'Europe/Berlin',
      utcOffsetS: 7_200,
    });
  });

  it('is that of the place, not of a watch still set to home, and a note says so', () => {
    expect(fieldsOf({ columns: BERLIN }, { utcOffsetS: -14_400 })).toMatchObject({
      timeZone: 'Europe/Berlin',
      utcOffsetS: 7_200,
    });
    expect(notesOf({ columns: BERLIN }, { utcOffsetS: -14_400 })).toEqual([
      { code: 'device_clock_in_other_zone', params: { part: 0 } },
    ]);
  });

  it('is the watch’s without a position, rounded to what a zone can be', () => {
    expect(fieldsOf({}, { utcOffsetS: 20_699 })).toMatchObject({ utcOffsetS: 20_700 });
    expect(fieldsOf({}, { utcOffsetS: 20_699 })).not.toHaveProperty('timeZone');
  });

  it('has the athlete’s zone as well where that agrees with the watch', () => {
    const berlin = source({ timeZone: 'Europe/Berlin' });
    expect(fieldsOf({}, { utcOffsetS: 7_200 }, berlin)).toMatchObject({ timeZone: 'Europe/Berlin', utcOffsetS: 7_200 });
    expect(fieldsOf({}, { utcOffsetS: 32_400 }, berlin)).toMatchObject({ utcOffsetS: 32_400 });
    expect(fieldsOf({}, { utcOffsetS: 32_400 }, berlin)).not.toHaveProperty('timeZone');
  });

  it('is the athlete’s without either', () => {
    expect(fieldsOf({}, {}, source({ timeZone: 'Asia/Kathmandu' }))).toMatchObject({
      timeZone: 'Asia/Kathmandu',
      utcOffsetS: 20_700,
    });
  });

  it('is not UTC because a file says 0, as devices do that do not know', () => {
    expect(fieldsOf({}, { utcOffsetS: 0 })).not.toHaveProperty('utcOffsetS');
    expect(fieldsOf({ columns: BERLIN }, { utcOffsetS: 0 })).toMatchObject({ utcOffsetS: 7_200 });
    expect(notesOf({ columns: BERLIN }, { utcOffsetS: 0 })).toEqual([]);
  });

  it('is not that of a virtual course', () => {
    const virtual = { subSport: 'virtual', columns: staying(51.5, -0.1) } as const;
    expect(fieldsOf(virtual, {}, source({ timeZone: 'Europe/Berlin' }))).toMatchObject({ timeZone: 'Europe/Berlin' });
  });

  it('is left open, with a note, when nobody knows the athlete’s zone', () => {
    const mars = source({ timeZone: 'Mars/Olympus' });
    expect(fieldsOf({}, {}, mars)).not.toHaveProperty('timeZone');
    expect(notesOf({}, {}, mars)).toEqual([{ code: 'time_zone_unknown', params: { part: 0 } }]);
  });
});

describe('the series of a session', () => {
  const columns = { ...BERLIN, heartRateBpm: Float64Array.of(120, Number.NaN, 124) };

  it('goes with its claim, with a track for the map and what its quality is judged by', () => {
    const claim = claimOf(fitFile([session({ columns, heartRateSource: 'chest', altitudeSource: 'gps' })]));
    expect(claim.series).toMatchObject({
      channels: ['timeS', 'latitudeDeg', 'longitudeDeg', 'heartRateBpm'],
      points: 3,
    });
    expect(decodeSeries(claim.series!.bytes)).toEqual(columns);
    expect(decodePolyline(String(claim.fields?.track)).latitudeDeg).toEqual([52.52, 52.52]);
    expect(claim.quality).toEqual({ coverageS: 2, samples: 3, heartRateSource: 'chest', altitudeSource: 'gps' });
  });

  it('is none when only times were recorded', () => {
    expect(claimOf(fitFile([session({ columns: { timeS: Float64Array.of(0, 1) } })])).series).toBeNull();
  });
});

/** Comparable without a look at every byte by itself, which takes seconds. */
function printed(stated: ReturnType<typeof activityClaims>): string {
  const hex = (_: string, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
  return JSON.stringify(stated, hex);
}

describe('a real recording', () => {
  itForEveryRecording('states only fields the registry has, with values it takes, and the same each time', (file) => {
    const stated = activityClaims(file, source({ timeZone: 'Europe/Berlin' }));
    expect(stated.claims).toHaveLength(file.sessions.length);
    for (const { fields } of stated.claims) {
      const refused = Object.entries(fields!).filter(([name, value]) => !activity[name]?.type.safeParse(value).success);
      expect(refused).toEqual([]);
    }
    const codes = stated.notes.map(({ code }) => code);
    expect(codes.filter((code) => code === 'value_out_of_range' || code === 'start_unknown')).toEqual([]);
    expect(printed(activityClaims(file, source({ timeZone: 'Europe/Berlin' })))).toBe(printed(stated));
  });

  it.for([
    ['ride-coros-pace2-misaligned-fields.fit', 'America/Bogota', -18_000],
    ['ride-tomtom-runner3-big-endian.fit', 'Europe/Berlin', 7_200],
    ['run-coros-apex-pro-one-lap.fit', 'Europe/Prague', 3_600],
    ['run-garmin-fr965-native-power-12-laps.fit', 'Asia/Shanghai', 28_800],
  ] as const)(
    'has the local time of its place, also where the file says 0: %s',
    ([name, timeZone, utcOffsetS], ctx) => {
      expect(claimOf(recording(name, ctx)).fields).toMatchObject({ timeZone, utcOffsetS });
    },
  );
});
