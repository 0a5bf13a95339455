import { describe, expect, it } from 'vitest';
import { decidePair, type MatchRecord } from './match-pair.ts';

const DAY = '2026-05-02';

/** A record at a clock time of the day, in the units of the scenario table. */
function at(
  provider: string,
  sport: string,
  clock: string | null,
  elapsedS: number | null,
  distanceM: number | null,
  more: Partial<MatchRecord> = {},
): MatchRecord {
  const externalId = more.externalId ?? `${provider}-${clock}`;
  return {
    key: `${provider}|${externalId}|0`,
    provider,
    externalId,
    part: 0,
    groupKey: null,
    identities: [],
    sport: ['trail', 'treadmill', 'virtual'].includes(sport) ? 'run' : sport,
    subSport: ['trail', 'treadmill', 'virtual'].includes(sport) ? sport : null,
    startMs: clock === null ? null : Date.parse(`${DAY}T${clock}Z`),
    elapsedS,
    distanceM,
    day: DAY,
    byAthlete: provider === 'athlete',
    ...more,
  };
}

const watch = (clock = '06:00:00', elapsedS = 3_600, distanceM = 10_000, more: Partial<MatchRecord> = {}) =>
  at('watch', 'run', clock, elapsedS, distanceM, more);
const HOURS_2 = 7_200;
const fit = (serial: number, createdAtS: number) => (serial === 0 ? [] : [`fit:1:${serial}:${createdAtS}:0`]);

type Row = [number, string, MatchRecord, MatchRecord, number | null, string, number];
const SCENARIOS: Row[] = [
  [
    1,
    'the vendor sends the same id again with a corrected distance',
    watch('06:00:00', 3_600, 10_000, { externalId: 'a' }),
    watch('06:00:00', 3_600, 10_050, { externalId: 'a' }),
    null,
    'update',
    1,
  ],
  [
    2,
    'an aggregator’s copy whose origin id is known',
    watch('06:00:00', 3_600, 10_000, { identities: ['origin:watch:1'] }),
    at('aggregator', 'run', '06:00:00', 3_605, 10_020, { identities: ['origin:watch:1'] }),
    null,
    'duplicate',
    2,
  ],
  [
    3,
    'the same file by hand and from the cloud',
    watch('06:00:00', 3_600, 10_000, { identities: fit(123_456, 1_000) }),
    at('file', 'run', '06:00:00', 3_600, 10_000, { identities: fit(123_456, 1_000) }),
    null,
    'duplicate',
    2,
  ],
  [
    4,
    'a copy without origin id, 3 s and 40 m off',
    watch(),
    at('aggregator', 'run', '06:00:03', 3_597, 9_960),
    null,
    'duplicate',
    4,
  ],
  [
    5,
    'watch and phone, the phone started 90 s later',
    watch(),
    at('phone', 'run', '06:01:30', 3_480, 9_800),
    null,
    'duplicate',
    4,
  ],
  [
    6,
    'a phone whose position drifted to 12 % more',
    watch(),
    at('phone', 'run', '06:00:20', 3_570, 11_200),
    null,
    'review',
    5,
  ],
  [
    7,
    'a treadmill by watch and by the machine',
    at('watch', 'treadmill', '18:00:00', 3_000, 8_400),
    at('machine', 'virtual', '18:00:30', 2_980, 10_000),
    null,
    'duplicate',
    4,
  ],
  [8, 'a friend’s watch on the same account', watch(), at('other', 'run', '06:00:00', 3_600, 6_000), null, 'review', 5],
  [
    9,
    'a race inside one long recording',
    watch('09:00:00', 6_600, 18_000),
    at('other', 'run', '09:30:00', 2_520, 10_000),
    null,
    'contained',
    6,
  ],
  [
    10,
    'two runs with two minutes between them',
    watch('06:00:00', 1_800, 5_000),
    watch('06:32:00', 1_800, 5_000),
    null,
    'separate',
    8,
  ],
  [11, 'morning and evening on the same loop', watch(), watch('18:00:00', 3_605, 10_010), HOURS_2, 'separate', 8],
  [
    12,
    'an import that stored local time as UTC',
    watch('04:00:00'),
    at('file', 'run', '06:00:05', 3_600, 10_010),
    HOURS_2,
    'review',
    7,
  ],
  [
    13,
    'the same, one hour off because of daylight saving',
    watch('05:00:00'),
    at('file', 'run', '06:00:00', 3_600, 10_000),
    HOURS_2,
    'review',
    7,
  ],
  [14, 'a run the phone logged as a ride', watch(), at('phone', 'ride', '06:00:00', 3_600, 10_000), null, 'review', 5],
  [
    15,
    'run and hike for one trail outing',
    at('watch', 'trail', '06:00:00', 7_200, 12_000),
    at('phone', 'hike', '06:00:10', 7_190, 11_900),
    null,
    'review',
    5,
  ],
  [
    16,
    'a health store that does not know the sport',
    watch(),
    at('health', 'other', '06:00:05', 3_590, 9_990),
    null,
    'duplicate',
    4,
  ],
  [
    17,
    'auto-pause: 65 minutes against 58',
    watch('06:00:00', 3_900, 10_000),
    at('aggregator', 'run', '06:00:00', 3_480, 9_990),
    null,
    'review',
    5,
  ],
  [
    18,
    'a watch whose battery died at 70 %',
    watch('06:00:00', 4_200, 11_800),
    at('phone', 'run', '06:00:10', 6_000, 17_000),
    null,
    'contained',
    6,
  ],
  [
    19,
    'a watch stopped at half',
    watch('06:00:00', 3_000, 8_500),
    at('phone', 'run', '06:00:00', 6_000, 17_000),
    null,
    'contained',
    6,
  ],
  [
    20,
    'a log of the same date without time',
    watch('06:00:00', 3_600, 10_400),
    at('athlete', 'run', null, null, 10_000),
    null,
    'attach',
    3,
  ],
  [
    21,
    'a log of 5 km on the day of a 10 km run',
    watch(),
    at('athlete', 'run', null, null, 5_000),
    null,
    'separate',
    3,
  ],
  [
    22,
    'a log with a duration only',
    watch('06:00:00', 3_700, 10_000),
    at('athlete', 'run', null, 3_600, null),
    null,
    'attach',
    3,
  ],
  [23, 'a ride logged on the date of a run', watch(), at('athlete', 'ride', null, null, 30_000), null, 'separate', 3],
  [
    24,
    'a second watch of the brand with another serial',
    watch('06:00:00', 3_600, 10_000, { identities: fit(111, 50), externalId: 'a' }),
    watch('06:00:02', 3_602, 10_030, { identities: fit(222, 52), externalId: 'b' }),
    null,
    'duplicate',
    4,
  ],
  [
    25,
    'two files with serial 0',
    at('file', 'run', '06:00:00', 3_600, 10_000, { identities: fit(0, 1_000) }),
    at('file', 'run', '12:00:00', 1_800, 5_000, { identities: fit(0, 1_000) }),
    null,
    'separate',
    8,
  ],
];

describe('the 25 activity scenarios', () => {
  it.each(SCENARIOS)('%i: %s', (_number, _what, a, b, utcOffsetS, decision, step) => {
    expect(decidePair(a, b, () => utcOffsetS)).toMatchObject({ decision, step });
    expect(decidePair(b, a, () => utcOffsetS)).toMatchObject({ decision, step });
  });
});

describe('sessions of one file', () => {
  it('are never one activity, even when they overlap', () => {
    const first = watch('06:00:00', 3_600, 10_000, { externalId: 'f', part: 1 });
    const second = { ...watch('06:00:10', 3_600, 10_000, { externalId: 'f' }), part: 2 };
    expect(decidePair(first, second, () => null).decision).toBe('separate');
  });
});
