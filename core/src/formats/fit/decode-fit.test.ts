import { describe, expect, it } from 'vitest';
import type { DecodedActivityFile, DecodedSession } from '../decoded.ts';
import { decodeFit } from './decode-fit.ts';
import {
  definition,
  describeDeveloperFields,
  fitBytes,
  fitFile,
  T0,
  type TestMessage,
  u16,
  u32,
} from './fit-file.test-support.ts';
import { fitToUnixMs } from './fit-time.ts';

const ACTIVITY: TestMessage = ['file_id', { type: 4, manufacturer: 1, product: 4_315, serial_number: 77 }];
const RUN = 1;
const SWIM = 5;
const TRANSITION = 3;

function decoded(...messages: TestMessage[]): DecodedActivityFile {
  return activity(fitFile(ACTIVITY, ...messages));
}

function activity(bytes: Uint8Array): DecodedActivityFile {
  const result = decodeFit(bytes);
  if (!('sessions' in result)) throw new Error(`${result.status}: ${result.code}`);
  return result;
}

function session(...messages: TestMessage[]): DecodedSession {
  return decoded(...messages).sessions[0]!;
}

/** Records one second apart, of which the values may depend on the second. */
function records(from: number, count: number, values: (second: number) => object = () => ({})): TestMessage[] {
  return Array.from({ length: count }, (_, i) => ['record', { timestamp: T0 + from + i, ...values(from + i) }]);
}

const run: TestMessage = ['session', { start_time: T0, sport: RUN, total_elapsed_time: 10, total_timer_time: 10 }];
const codes = ({ notes }: DecodedActivityFile): string[] => notes.map(({ code }) => code);

describe('an activity file', () => {
  it('says who wrote it, when and for what', () => {
    const file = decoded(
      run,
      ['device_info', { device_index: 0, software_version: 27.09 }],
      ['activity', { timestamp: T0 + 10, local_timestamp: T0 + 10 + 7_200 }],
    );
    expect(file).toMatchObject({
      format: 'fit',
      status: 'complete',
      fileType: 'activity',
      fileId: { manufacturer: '1', product: '4315', serial: 77, createdAtS: null },
      device: { name: null, manufacturer: '1', serial: 77, firmware: '27.09' },
      utcOffsetS: 7_200,
      notes: [],
    });
  });

  it('does not believe an offset that no zone has', () => {
    const file = decoded(run, ['activity', { timestamp: T0, local_timestamp: 5 }]);
    expect(file.utcOffsetS).toBeNull();
    expect(codes(file)).toEqual(['utc_offset_implausible']);
  });
});

describe('a session', () => {
  it('has the figures its message states and null for the others', () => {
    const { startedAtMs, columns, ...figures } = session(
      [
        'session',
        { start_time: T0, sport: RUN, sub_sport: 3, total_timer_time: 9, total_ascent: 0, avg_heart_rate: 140 },
      ],
      ...records(0, 3, () => ({ heart_rate: 150, altitude: 500 })),
    );
    expect(startedAtMs).toBe(fitToUnixMs(T0));
    expect([...columns.timeS]).toEqual([0, 1, 2]);
    expect(figures).toMatchObject({
      part: 0,
      sport: 'run',
      subSport: 'trail',
      elapsedS: null,
      timerS: 9,
      distanceM: null,
      ascentM: 0,
      avgHeartRateBpm: 140,
      maxHeartRateBpm: null,
      records: 3,
      recordsSetAside: 0,
    });
  });

  it('counts both feet of a runner, with the fraction', () => {
    const cadence = { avg_cadence: 82, avg_fractional_cadence: 0.5 };
    const ofRecord = records(0, 1, () => ({ cadence: 80, fractional_cadence: 0.25 }));
    const lap: TestMessage = ['lap', { start_time: T0, avg_cadence: 81 }];
    const runner = session(['session', { start_time: T0, sport: RUN, ...cadence }], ...ofRecord, lap);
    expect(runner.avgCadenceSpm).toBe(165);
    expect(runner.columns.cadenceSpm![0]).toBe(160.5);
    expect(runner.laps[0]!.avgCadenceSpm).toBe(162);
    const rider = session(['session', { start_time: T0, sport: 2, ...cadence }], ...ofRecord, lap);
    expect(rider.avgCadenceSpm).toBe(82.5);
    expect(rider.columns.cadenceSpm![0]).toBe(80.25);
  });

  it.each([
    [40, 50, 4, 3],
    [0, 0, null, 1],
    [100, 100, 10, 5],
    [255, 255, null, null],
  ])('reads exertion %i and feel %i of the watch as %s and %s', (workout_rpe, workout_feel, rpe, feel) => {
    expect(session(['session', { start_time: T0, sport: RUN, workout_rpe, workout_feel }])).toMatchObject({
      rpe,
      feel,
    });
  });

  it('prefers the finer of two channels record by record', () => {
    const { columns } = session(
      run,
      ['record', { timestamp: T0, speed: 2, altitude: 100 }],
      ['record', { timestamp: T0 + 1, speed: 2, enhanced_speed: 2.5, enhanced_altitude: 101 }],
    );
    expect([...columns.speedMps!]).toEqual([2, 2.5]);
    expect([...columns.altitudeM!]).toEqual([100, 101]);
  });

  it('has no channel without a value', () => {
    expect(Object.keys(session(run, ...records(0, 2)).columns)).toEqual(['timeS']);
  });

  it.each([
    [1, 120, 'chest'],
    [3, 1, 'chest'],
    [5, 10, 'wrist'],
    [5, 4, null],
  ])('knows by source %i and type %i where the heart rate was measured: %s', (source_type, device_type, source) => {
    const device: TestMessage = ['device_info', { device_index: 1, device_type, source_type }];
    expect(session(run, device, ...records(0, 1, () => ({ heart_rate: 150 }))).heartRateSource).toBe(source);
    expect(session(run, device, ...records(0, 1)).heartRateSource).toBeNull();
  });

  it('names a sport we do not tell apart "other" and notes its number', () => {
    const file = decoded(['session', { start_time: T0, sport: 82 }]);
    expect(file.sessions[0]!.sport).toBe('other');
    expect(file.notes).toEqual([{ code: 'sport_unknown', params: { part: 0, sport: 82, subSport: -1 } }]);
  });
});

describe('records and laps between sessions', () => {
  const swim: TestMessage = ['session', { start_time: T0, sport: SWIM, total_elapsed_time: 10 }];
  const change: TestMessage = ['session', { start_time: T0 + 10, sport: TRANSITION, total_elapsed_time: 5 }];
  const runAfter: TestMessage = ['session', { start_time: T0 + 15, sport: RUN, total_elapsed_time: 10 }];
  const laps: TestMessage[] = [-2, 0, 10, 15, 20].map((second) => ['lap', { start_time: T0 + second }]);

  it('belong to the last session begun at their time, to the first before it', () => {
    const { sessions } = decoded(swim, change, runAfter, ...records(-2, 30), ...laps);
    expect(
      sessions.map((each) => [each.part, each.sport, each.records, each.laps.length, each.columns.timeS[0]]),
    ).toEqual([
      [1, 'swim', 12, 2, -2],
      [2, 'transition', 5, 1, 0],
      [3, 'run', 13, 2, 0],
    ]);
  });

  it('do so whichever way round the file writes them', () => {
    const summaryFirst = decoded(runAfter, swim, change, ...laps, ...records(0, 25));
    const summaryLast = decoded(...records(0, 25), ...laps, swim, change, runAfter);
    expect(summaryFirst.sessions).toEqual(summaryLast.sessions);
  });
});

describe('times that cannot be', () => {
  const DECADES_LATER = T0 + 2_000_000_000;

  it('set a record aside, not the session', () => {
    const file = decoded(run, ...records(0, 5), ['record', { timestamp: DECADES_LATER, heart_rate: 1 }]);
    expect(file.status).toBe('partial');
    expect(file.sessions[0]).toMatchObject({ records: 6, recordsSetAside: 1 });
    expect([...file.sessions[0]!.columns.timeS]).toEqual([0, 1, 2, 3, 4]);
    expect(file.notes).toEqual([{ code: 'records_set_aside', params: { part: 0, records: 1 } }]);
  });

  it('are the session’s when most records disagree with it: then they say when it began', () => {
    const file = decoded(['session', { start_time: 600, sport: RUN, total_elapsed_time: 10 }], ...records(0, 5));
    expect(file.sessions[0]).toMatchObject({ startedAtMs: fitToUnixMs(T0), records: 5, recordsSetAside: 0 });
    expect(codes(file)).toEqual(['start_from_records']);
  });

  it('stay, with a note, when the watch never had its clock set', () => {
    const early = 17_304_264; // July 1990
    const file = decoded(
      ['session', { start_time: early, sport: RUN, total_elapsed_time: 10 }],
      ['record', { timestamp: early, heart_rate: 120 }],
    );
    expect(file.sessions[0]).toMatchObject({ startedAtMs: fitToUnixMs(early), recordsSetAside: 0 });
    expect(codes(file)).toEqual(['device_clock_not_set']);
  });

  it('are put in order when the clock was moved on the way', () => {
    const file = decoded(run, ...records(3, 2), ...records(0, 3));
    expect([...file.sessions[0]!.columns.timeS]).toEqual([0, 1, 2, 3, 4]);
    expect(codes(file)).toEqual(['records_reordered']);
  });
});

describe('an activity that was cut off before its session was written', () => {
  const timer = (second: number, event_type: number): TestMessage => [
    'event',
    { timestamp: T0 + second, event: 0, event_type },
  ];

  it('is summed up from its records, its pauses and its lap', () => {
    const file = decoded(
      timer(0, 0),
      ...records(0, 11, (second) => ({
        distance: second * 3,
        heart_rate: 140 + second,
        speed: 3,
        altitude: 400 + second * 3,
      })),
      timer(10, 1),
      timer(70, 0),
      ...records(70, 11, (second) => ({ distance: 30 + (second - 70) * 3, heart_rate: 150, speed: 3, altitude: 430 })),
      ['lap', { start_time: T0, sport: RUN }],
    );
    expect(codes(file)).toEqual(['no_session_message']);
    expect(file.sessions[0]).toMatchObject({
      part: 0,
      sport: 'run',
      startedAtMs: fitToUnixMs(T0),
      elapsedS: 80,
      timerS: 20,
      movingS: 20,
      distanceM: 60,
      avgHeartRateBpm: 148,
      maxHeartRateBpm: 150,
      maxSpeedMps: 3,
      ascentM: 24, // counted in steps of 10 m or more: no barometer is listed
      descentM: 0,
      records: 22,
    });
  });
});

describe('power of a running app', () => {
  const UINT16 = 0x84;
  const described = describeDeveloperFields(
    { developerIndex: 0, number: 1, baseType: UINT16, name: 'Form Power' },
    { developerIndex: 0, number: 0, baseType: UINT16, name: 'Power' },
  );
  const fileId = [...definition({ global: 0, fields: [[0, 1, 0]] }), 0, 4];
  const sessionBytes = [
    ...definition({
      global: 18,
      fields: [
        [2, 4, 0x86],
        [5, 1, 0],
      ],
    }),
    0,
    ...u32(T0),
    RUN,
  ];
  const layout = (native: boolean): number[] =>
    definition({
      global: 20,
      fields: [[253, 4, 0x86], ...(native ? [[7, 2, UINT16] as const] : [])],
      developer: [
        [1, 2, 0],
        [0, 2, 0],
      ],
    });
  const row = (native: number[]): number[] => [0, ...u32(T0), ...native, ...u16(60), ...u16(260)];

  it('counts when the watch has none', () => {
    const file = activity(fitBytes([...fileId, ...sessionBytes, ...described, ...layout(false), ...row([])]));
    expect([...file.sessions[0]!.columns.powerW!]).toEqual([260]);
    expect(codes(file)).toEqual(['power_from_developer_field']);
  });

  it('does not when it has', () => {
    const file = activity(fitBytes([...fileId, ...sessionBytes, ...described, ...layout(true), ...row(u16(255))]));
    expect([...file.sessions[0]!.columns.powerW!]).toEqual([255]);
    expect(codes(file)).toEqual([]);
  });
});

describe('a pool swim', () => {
  it('moves while a length is active, whatever its few records say', () => {
    const lengths: TestMessage[] = [1, 0, 1].map((length_type, i) => [
      'length',
      { start_time: T0 + i * 30, total_timer_time: 28.5, length_type },
    ]);
    const swim: TestMessage = ['session', { start_time: T0, sport: SWIM, sub_sport: 17, total_timer_time: 90 }];
    expect(session(swim, ...lengths)).toMatchObject({ sport: 'swim', subSport: 'pool', movingS: 57 });
  });
});

describe('a FIT file that is no activity', () => {
  it.each([
    ['a course, though it has records', [['file_id', { type: 6 }], ...records(0, 3)], 'course_file', 'course'],
    [
      'a workout',
      [
        ['file_id', { type: 5 }],
        ['workout', { sport: 1 }],
      ],
      'workout_file',
      'workout',
    ],
    ['a course that lost its file_id', [['course', { sport: 1 }], ...records(0, 3)], 'course_file', null],
    ['daily monitoring', [['file_id', { type: 32 }]], 'other_file_type', 'monitoring_b'],
    ['an activity in which nothing happened', [['file_id', { type: 4 }]], 'nothing_recorded', 'activity'],
  ] satisfies [string, TestMessage[], string, string | null][])('%s', (_name, messages, code, fileType) => {
    expect(decodeFit(fitFile(...messages))).toMatchObject({ status: 'no_activity', code, fileType });
  });

  it('is unreadable when it is no FIT file at all', () => {
    expect(decodeFit(new TextEncoder().encode('date,distance\n'))).toMatchObject({ code: 'not_an_activity_file' });
  });

  it('is refused when it is larger than a reader takes', () => {
    expect(decodeFit(new Uint8Array(64 * 1024 * 1024 + 1))).toMatchObject({ code: 'file_too_large' });
  });
});
