import { describe, expect, it } from 'vitest';
import { fileIdentities } from '../formats/file-identities.ts';
import { activity } from '../model/activity.ts';
import type { JsonObject } from '../wire/json.ts';
import { claim, layer, state } from './claim.test-support.ts';
import type { Claim } from './claim.ts';
import { joinStates } from './join.ts';
import { match } from './match.ts';
import { type Decision, decidePair, type MatchRecord } from './match-pair.ts';
import { toMatchRecord } from './match-record.ts';
import type { ObjectState } from './object-state.ts';
import { compareRecords } from './rank.ts';
import { recordsOf } from './record.ts';
import { viewOf } from './view.ts';

const DAY = '2026-05-02';
const HOUR_S = 3_600;

/** Sports as the scenarios name them. */
const SPORTS: { [name: string]: JsonObject } = {
  run: { sport: 'run' },
  trail: { sport: 'run', subSport: 'trail' },
  treadmill: { sport: 'run', subSport: 'treadmill', indoor: true },
  virtual_run: { sport: 'run', subSport: 'virtual', indoor: true },
  ride: { sport: 'ride' },
  hike: { sport: 'hike' },
  other: { sport: 'other' },
};

/** How each source comes by what it says. An imported file is the device's own unless a case says otherwise. */
const SOURCES: { [provider: string]: Partial<Claim> } = {
  garmin: { origin: 'device' },
  polar: { origin: 'device' },
  coros: { origin: 'device' },
  zwift: { origin: 'vendor' },
  healthconnect: { origin: 'health_store' },
  apple: { origin: 'phone_app' },
  strava: { origin: 'aggregator' },
  file: { origin: 'device', connectionId: null },
};

interface More extends Partial<Claim> {
  fields?: JsonObject;
}

/** What a provider says of one activity: its sport, its clock time on the day, seconds and metres. */
function said(provider: string, sport: string, clock: string, elapsedS: number, distanceM: number, more: More = {}) {
  const { fields, ...rest } = more;
  const stated = { ...SPORTS[sport], startedAt: `${DAY}T${clock}.000Z`, elapsedS, distanceM, ...fields };
  const externalId = `${provider}-${clock}-${elapsedS}`;
  return state([claim(stated, { provider, connectionId: provider, externalId, ...SOURCES[provider], ...rest })]);
}

/** What the athlete typed on the day, without a start time. */
function logged(sport: string, typed: JsonObject): ObjectState {
  return state([], { act_2: layer({ ...SPORTS[sport], day: DAY, ...typed }, { created: true }) });
}

/** The identities of a FIT file with this file_id; no two files here have the same bytes. */
let files = 0;
const fileId = (manufacturer: string, serial: number, createdAtS: number): More => ({
  identities: fileIdentities({ manufacturer, product: null, serial, createdAtS }, 0, `sha-${++files}`),
});
const samples = (count: number): Claim['quality'] => ({
  coverageS: HOUR_S,
  samples: count,
  heartRateSource: null,
  altitudeSource: null,
});

interface Scenario {
  what: string;
  a: ObjectState;
  b: ObjectState;
  /** The athlete's offset from UTC, hours; unknown where it is left out. */
  offsetH?: number;
  decision: Decision;
  step: number;
  happens: {
    /** 1 when the two become one activity. */
    activities: 1 | 2;
    /** Whose figures go into totals. */
    counts: 'one' | 'both' | 'a' | 'b';
    /** What the athlete is asked. */
    asks?: string;
    /** Which one is linked as a part of the other. */
    part?: 'a' | 'b';
    /** What the one activity shows, and who decided it. */
    shows?: JsonObject;
    decidedBy?: { [field: string]: string };
  };
}

const ONE = { activities: 1, counts: 'one' } as const;
const TWO = { activities: 2, counts: 'both' } as const;
const asks = (code: string) => ({ activities: 2, counts: 'a', asks: code }) as const;

const SCENARIOS: { [number: number]: Scenario } = {
  1: {
    what: 'the vendor sends the same id again with a corrected distance',
    a: joinStates(
      said('garmin', 'run', '06:00:00', 3_600, 10_000),
      state([], { act_1: layer({ rpe: 7, notes: 'hard' }) }),
    ),
    b: said('garmin', 'run', '06:00:00', 3_600, 10_050, {
      order: { vendorVersion: 0, supersession: 0, receipt: 2, mappingVersion: 1 },
    }),
    decision: 'update',
    step: 1,
    happens: { ...ONE, shows: { distanceM: 10_050, rpe: 7, notes: 'hard' } },
  },
  2: {
    what: 'an aggregator’s copy whose origin id is known',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000, { identities: ['origin:garmin:1'] }),
    b: said('strava', 'run', '06:00:00', 3_605, 10_020, {
      identities: ['origin:garmin:1'],
      fields: { title: 'Along the river' },
    }),
    decision: 'duplicate',
    step: 2,
    happens: {
      ...ONE,
      shows: { elapsedS: 3_600, distanceM: 10_000, title: 'Along the river' },
      decidedBy: { distanceM: 'provider:garmin', title: 'provider:strava' },
    },
  },
  3: {
    what: 'the same file by hand and from the cloud',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000, { ...fileId('garmin', 123_456, 1_000), quality: samples(600) }),
    b: said('file', 'run', '06:00:00', 3_600, 10_000, { ...fileId('garmin', 123_456, 1_000), quality: samples(3_600) }),
    decision: 'duplicate',
    step: 2,
    happens: { ...ONE, shows: { distanceM: 10_000 }, decidedBy: { distanceM: 'provider:file' } },
  },
  4: {
    what: 'a copy without origin id, 3 s and 40 m off',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: said('strava', 'run', '06:00:03', 3_597, 9_960),
    decision: 'duplicate',
    step: 4,
    happens: { ...ONE, shows: { startedAt: `${DAY}T06:00:00.000Z`, elapsedS: 3_600, distanceM: 10_000 } },
  },
  5: {
    what: 'watch and phone, the phone started 90 s later',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: said('apple', 'run', '06:01:30', 3_480, 9_800),
    decision: 'duplicate',
    step: 4,
    happens: { ...ONE, shows: { startedAt: `${DAY}T06:00:00.000Z`, elapsedS: 3_600, distanceM: 10_000 } },
  },
  6: {
    what: 'a phone whose position drifted to 12 % more',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: said('apple', 'run', '06:00:20', 3_570, 11_200),
    decision: 'review',
    step: 5,
    happens: asks('same_activity'),
  },
  7: {
    what: 'a treadmill by watch and by the machine',
    a: joinStates(
      said('garmin', 'treadmill', '18:00:00', 3_000, 8_400, { fields: { avgHeartRateBpm: 152 } }),
      state([], { act_1: layer({}, { override: { distanceM: 9_900 } }) }),
    ),
    b: said('zwift', 'virtual_run', '18:00:30', 2_980, 10_000, { fields: { avgHeartRateBpm: 140 } }),
    decision: 'duplicate',
    step: 4,
    happens: {
      ...ONE,
      shows: { distanceM: 9_900, avgHeartRateBpm: 152 },
      decidedBy: { distanceM: 'override', avgHeartRateBpm: 'provider:garmin' },
    },
  },
  8: {
    what: 'a friend’s watch on the same account',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: said('polar', 'run', '06:00:00', 3_600, 6_000),
    decision: 'review',
    step: 5,
    happens: asks('same_activity'),
  },
  9: {
    what: 'a race inside one long recording',
    a: said('garmin', 'run', '09:00:00', 6_600, 18_000),
    b: said('coros', 'run', '09:30:00', 2_520, 10_000),
    decision: 'contained',
    step: 6,
    happens: { activities: 2, counts: 'a', part: 'b' },
  },
  10: {
    what: 'two runs with two minutes between them',
    a: said('garmin', 'run', '06:00:00', 1_800, 5_000),
    b: said('garmin', 'run', '06:32:00', 1_800, 5_000),
    decision: 'separate',
    step: 8,
    happens: TWO,
  },
  11: {
    what: 'morning and evening on the same loop',
    a: said('garmin', 'run', '06:00:00', 1_800, 5_000),
    b: said('garmin', 'run', '18:00:00', 1_805, 5_010),
    offsetH: 2,
    decision: 'separate',
    step: 8,
    happens: TWO,
  },
  12: {
    what: 'an import that stored local time as UTC',
    a: said('garmin', 'run', '04:00:00', 3_600, 10_000),
    b: said('file', 'run', '06:00:05', 3_600, 10_010, { origin: 'track_import' }),
    offsetH: 2,
    decision: 'review',
    step: 7,
    happens: asks('time_zone_shift'),
  },
  13: {
    what: 'the same, one hour off because of daylight saving',
    a: said('garmin', 'run', '05:00:00', 3_600, 10_000),
    b: said('file', 'run', '06:00:00', 3_600, 10_000, { origin: 'track_import' }),
    offsetH: 2,
    decision: 'review',
    step: 7,
    happens: asks('time_zone_shift'),
  },
  14: {
    what: 'a run the phone logged as a ride',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: said('apple', 'ride', '06:00:00', 3_600, 10_000),
    decision: 'review',
    step: 5,
    happens: asks('same_time_other_sport'),
  },
  15: {
    what: 'run and hike for one trail outing',
    a: said('garmin', 'trail', '06:00:00', 7_200, 12_000),
    b: said('apple', 'hike', '06:00:10', 7_190, 11_900),
    decision: 'review',
    step: 5,
    happens: asks('same_time_other_sport'),
  },
  16: {
    what: 'a health store that does not know the sport',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: said('healthconnect', 'other', '06:00:05', 3_590, 9_990),
    decision: 'duplicate',
    step: 4,
    happens: { ...ONE, shows: { sport: 'run' }, decidedBy: { sport: 'provider:garmin' } },
  },
  17: {
    what: 'auto-pause: 65 minutes against 58',
    a: said('garmin', 'run', '06:00:00', 3_900, 10_000),
    b: said('strava', 'run', '06:00:00', 3_480, 9_990),
    decision: 'review',
    step: 5,
    happens: asks('same_activity'),
  },
  18: {
    what: 'a watch whose battery died at 70 %',
    a: said('garmin', 'run', '06:00:00', 4_200, 11_800),
    b: said('apple', 'run', '06:00:10', 6_000, 17_000),
    decision: 'contained',
    step: 6,
    happens: { activities: 2, counts: 'b', part: 'a' },
  },
  19: {
    what: 'a watch stopped at half',
    a: said('garmin', 'run', '06:00:00', 3_000, 8_500),
    b: said('apple', 'run', '06:00:00', 6_000, 17_000),
    decision: 'contained',
    step: 6,
    happens: { activities: 2, counts: 'b', part: 'a' },
  },
  20: {
    what: 'a log of the same date without time',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_400),
    b: logged('run', { distanceM: 10_000, rpe: 8, notes: 'felt hard' }),
    decision: 'attach',
    step: 3,
    happens: {
      ...ONE,
      shows: { distanceM: 10_400, rpe: 8, notes: 'felt hard' },
      decidedBy: { distanceM: 'provider:garmin', rpe: 'athlete' },
    },
  },
  21: {
    what: 'a log of 5 km on the day of a 10 km run',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: logged('run', { distanceM: 5_000 }),
    decision: 'separate',
    step: 3,
    happens: TWO,
  },
  22: {
    what: 'a log with a duration only',
    a: said('garmin', 'run', '06:00:00', 3_700, 10_000),
    b: logged('run', { elapsedS: 3_600 }),
    decision: 'attach',
    step: 3,
    happens: { ...ONE, shows: { elapsedS: 3_700, distanceM: 10_000 } },
  },
  23: {
    what: 'a ride logged on the date of a run',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000),
    b: logged('ride', { distanceM: 30_000 }),
    decision: 'separate',
    step: 3,
    happens: TWO,
  },
  24: {
    what: 'a second watch of the brand with another serial',
    a: said('garmin', 'run', '06:00:00', 3_600, 10_000, { ...fileId('garmin', 111, 50), quality: samples(600) }),
    b: said('garmin', 'run', '06:00:02', 3_602, 10_030, { ...fileId('garmin', 222, 52), quality: samples(3_602) }),
    decision: 'duplicate',
    step: 4,
    happens: { ...ONE, shows: { elapsedS: 3_602, distanceM: 10_030 } },
  },
  25: {
    what: 'two files with serial 0',
    a: said('file', 'run', '06:00:00', 3_600, 10_000, fileId('development', 0, 1_000)),
    b: said('file', 'run', '12:00:00', 1_800, 5_000, fileId('development', 0, 1_000)),
    decision: 'separate',
    step: 8,
    happens: TWO,
  },
};

/** The one record of a state, in the measures of the rules. */
function recordOf(stated: ObjectState): MatchRecord {
  return toMatchRecord(recordsOf(stated)[0]!, 'UTC');
}

/** What the ledger makes of both together, in the words of a scenario. */
function outcomeOf({ a, b, offsetH, happens }: Scenario): Scenario['happens'] {
  const joined = joinStates(a, b);
  const ranked = recordsOf(joined).sort((one, other) => compareRecords(one, other, null));
  const [keyA, keyB] = [recordOf(a).key, recordOf(b).key];
  const { components, questions, containedIn, notCounted } = match({
    records: ranked.map((record) => toMatchRecord(record, 'UTC')),
    priority: (key) => ranked.findIndex((record) => record.key === key),
    utcOffsetS: () => (offsetH === undefined ? null : offsetH * HOUR_S),
    notSame: new Set(),
    same: new Set(),
    ownWrites: new Set(),
    words: { deleted: () => null, madeAt: () => null },
  });
  const isOne = components.length === 1;
  const counted = [keyA, keyB].filter((key) => !notCounted.has(key));
  const { data, provenance } = viewOf('activity', joined, activity, { timeZone: 'UTC', sourcePriority: {} });
  const only = (from: JsonObject, fields: object) => Object.fromEntries(Object.keys(fields).map((f) => [f, from[f]]));
  for (const { records } of questions) expect(records).toEqual([keyA, keyB].sort());
  return {
    activities: components.length as 1 | 2,
    counts: isOne ? 'one' : counted.length === 2 ? 'both' : counted[0] === keyA ? 'a' : 'b',
    ...(questions.length > 0 && { asks: questions.map(({ code }) => code).join() }),
    ...(containedIn.get(keyA) === keyB && { part: 'a' as const }),
    ...(containedIn.get(keyB) === keyA && { part: 'b' as const }),
    ...(happens.shows && { shows: only(data, happens.shows) as JsonObject }),
    ...(happens.decidedBy && { decidedBy: only(provenance, happens.decidedBy) as { [field: string]: string } }),
  };
}

describe('the 25 activity scenarios', () => {
  const rows = Object.entries(SCENARIOS).map(([number, scenario]) => [number, scenario.what, scenario] as const);

  it.each(rows)('%s: %s', (_number, _what, scenario) => {
    const { a, b, offsetH, decision, step, happens } = scenario;
    const utcOffsetS = () => (offsetH === undefined ? null : offsetH * HOUR_S);
    expect(decidePair(recordOf(a), recordOf(b), utcOffsetS)).toMatchObject({ decision, step });
    expect(decidePair(recordOf(b), recordOf(a), utcOffsetS)).toMatchObject({ decision, step });
    expect(outcomeOf(scenario)).toEqual(happens);
    expect(outcomeOf({ ...scenario, a: b, b: a })).toEqual(mirrored(happens));
  });
});

/** The same outcome when the two have changed places. */
function mirrored(happens: Scenario['happens']): Scenario['happens'] {
  const other = { a: 'b', b: 'a', one: 'one', both: 'both' } as const;
  const { counts, part } = happens;
  return { ...happens, counts: other[counts], ...(part && { part: other[part] }) };
}

describe('sessions of one file', () => {
  it('are never one activity, even when they overlap', () => {
    const session = (clock: string, part: number) =>
      recordOf(said('garmin', 'run', clock, 3_600, 10_000, { externalId: 'f', part }));
    expect(decidePair(session('06:00:00', 1), session('06:00:10', 2), () => null).decision).toBe('separate');
  });
});
