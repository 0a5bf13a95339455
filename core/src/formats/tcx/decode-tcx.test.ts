import { describe, expect, it } from 'vitest';
import type { DecodedActivityFile, DecodedSession } from '../decoded.ts';
import {
  activities,
  activity,
  iso,
  lap,
  START,
  tcx,
  trackpoint,
  utf8,
  utf16,
} from '../track/xml-files.test-support.ts';
import { decodeTcx } from './decode-tcx.ts';

function file(...within: string[]): DecodedActivityFile {
  const decoded = decodeTcx(utf8(tcx(...within)));
  if (!('sessions' in decoded)) throw new Error(`${decoded.status}: ${decoded.code}`);
  return decoded;
}

const session = (...within: string[]): DecodedSession => file(...within).sessions[0]!;
const heart = (average: number, maximum: number): string =>
  `<AverageHeartRateBpm><Value>${average}</Value></AverageHeartRateBpm><MaximumHeartRateBpm><Value>${maximum}</Value></MaximumHeartRateBpm>`;

describe('a TCX of a run', () => {
  it('is one session as its laps sum up to', () => {
    const run = activity(
      'Running',
      0,
      lap(0, 100, `<MaximumSpeed>3.4</MaximumSpeed><Calories>20</Calories>${heart(140, 150)}`),
      lap(100, 50, `<MaximumSpeed>3.2</MaximumSpeed><Calories>11</Calories>${heart(152, 160)}`),
    );
    const decoded = file(activities(run));
    expect(decoded).toMatchObject({ format: 'tcx', fileType: 'activity', status: 'complete', notes: [] });
    expect(decoded.sessions).toMatchObject([
      {
        part: 0,
        sport: 'run',
        subSport: null,
        startedAtMs: START,
        elapsedS: 150,
        timerS: 150,
        movingS: 150,
        distanceM: 450,
        maxSpeedMps: 3.4,
        energyKcal: 31,
        avgHeartRateBpm: 144,
        maxHeartRateBpm: 160,
        records: 152,
        laps: [
          {
            startedAtMs: START,
            elapsedS: 100,
            timerS: 100,
            distanceM: 300,
            avgHeartRateBpm: 140,
            maxHeartRateBpm: 150,
          },
          { startedAtMs: START + 100_000, elapsedS: 50, timerS: 50, distanceM: 150, avgHeartRateBpm: 152 },
        ],
      },
    ]);
  });

  it('has the values of the activity extension under any prefix', () => {
    const tpx =
      '<Extensions><ns3:TPX><ns3:Speed>3.1</ns3:Speed><ns3:RunCadence>85</ns3:RunCadence><ns3:Watts>240</ns3:Watts></ns3:TPX></Extensions>';
    const values = `<AltitudeMeters>400</AltitudeMeters><HeartRateBpm><Value>141</Value></HeartRateBpm>${tpx}`;
    const points = [0, 1, 2].map((s) => trackpoint(s, values)).join('');
    const lx =
      '<Extensions><ns3:LX><ns3:AvgRunCadence>84</ns3:AvgRunCadence><ns3:MaxRunCadence>90</ns3:MaxRunCadence><ns3:AvgWatts>238</ns3:AvgWatts><ns3:MaxWatts>260</ns3:MaxWatts></ns3:LX></Extensions>';
    expect(session(activities(activity('Running', 0, lap(0, 2, lx, points))))).toMatchObject({
      avgHeartRateBpm: 141,
      avgCadenceSpm: 168,
      maxCadenceSpm: 180,
      avgPowerW: 238,
      maxPowerW: 260,
      maxSpeedMps: 3.1,
      laps: [{ avgCadenceSpm: 168, avgPowerW: 238 }],
      columns: { cadenceSpm: Float64Array.of(170, 170, 170), powerW: Float64Array.of(240, 240, 240) },
    });
  });

  it('keeps the cadence of a ride as it is', () => {
    const points = [0, 1].map((s) => trackpoint(s, '<Cadence>88</Cadence>')).join('');
    expect(session(activities(activity('Biking', 0, lap(0, 1, '', points))))).toMatchObject({
      sport: 'ride',
      avgCadenceSpm: 88,
    });
  });

  it('takes the zeros that the schema asks for as unknown', () => {
    const bare = `<Lap StartTime="${iso(0)}"><TotalTimeSeconds>60</TotalTimeSeconds><DistanceMeters>0</DistanceMeters><Calories>0</Calories><Track>${[
      0, 60,
    ]
      .map((s) => trackpoint(s))
      .join('')
      .replaceAll(/<DistanceMeters>.*?<\/DistanceMeters>/g, '')}</Track></Lap>`;
    const decoded = file(activities(activity('Running', 0, bare)));
    expect(decoded.sessions[0]).toMatchObject({ distanceM: expect.closeTo(180, 0), energyKcal: null, timerS: 60 });
    expect(decoded.notes).toEqual([{ code: 'distance_from_positions', params: { part: 0 } }]);
  });

  it('does not believe a speed nobody runs', () => {
    expect(
      session(activities(activity('Running', 0, lap(0, 9, '<MaximumSpeed>16200.0</MaximumSpeed>')))).maxSpeedMps,
    ).toBeNull();
  });

  it('tells elapsed time from the time of its timer', () => {
    const paused = lap(0, 60, '', [0, 30, 90].map((s) => trackpoint(s)).join(''));
    expect(session(activities(activity('Running', 0, paused)))).toMatchObject({
      elapsedS: 90,
      timerS: 60,
      laps: [{ elapsedS: 90, timerS: 60 }],
    });
  });

  it('may have no points at all', () => {
    expect(session(activities(activity('Running', 0, lap(0, 600, heart(140, 150), ''))))).toMatchObject({
      startedAtMs: START,
      elapsedS: 600,
      timerS: 600,
      movingS: null,
      distanceM: 1_800,
      avgHeartRateBpm: 140,
      records: 0,
    });
  });

  it('names its device, with the firmware as FIT writes it', () => {
    const creator =
      '<Creator xsi:type="Device_t"><Name>Watch 7</Name><UnitId>3957654108</UnitId><ProductID>1</ProductID><Version><VersionMajor>5</VersionMajor><VersionMinor>4</VersionMinor></Version></Creator>';
    expect(file(activities(activity('Running', 0, lap(0, 9), creator))).device).toEqual({
      name: 'Watch 7',
      manufacturer: null,
      serial: 3_957_654_108,
      firmware: '5.04',
    });
  });

  it('is read in UTF-16 and with prefixes everywhere', () => {
    const text = tcx(activities(activity('Running', 0, lap(0, 9))));
    const prefixed = text.replace(/<(\/?)(?=[A-Z])/g, '<$1t:');
    expect(decodeTcx(utf16(text))).toEqual(decodeTcx(utf8(text)));
    expect(decodeTcx(utf8(prefixed))).toEqual(decodeTcx(utf8(text)));
  });
});

describe('several activities in one TCX', () => {
  it('are sessions in order of their start', () => {
    const { sessions } = file(
      activities(
        activity('Biking', 9_000, lap(9_000, 20)),
        activity('Running', 0, lap(0, 10)),
        activity('Other', 99_000),
      ),
    );
    expect(sessions.map(({ part, sport, records }) => [part, sport, records])).toEqual([
      [1, 'run', 11],
      [2, 'ride', 21],
    ]);
  });

  it('are the sports of an outing, with what lies between them', () => {
    const session = `<MultiSportSession><Id>${iso(0)}</Id><FirstSport>${activity('Biking', 0, lap(0, 20))}</FirstSport><NextSport><Transition StartTime="${iso(20)}"><TotalTimeSeconds>60</TotalTimeSeconds><DistanceMeters>40</DistanceMeters></Transition>${activity('Running', 80, lap(80, 30))}</NextSport></MultiSportSession>`;
    const { sessions } = file(activities(session));
    expect(sessions.map(({ part, sport, timerS, distanceM }) => [part, sport, timerS, distanceM])).toEqual([
      [1, 'ride', 20, 60],
      [2, 'transition', 60, 40],
      [3, 'run', 30, 90],
    ]);
  });
});

describe('times of a TCX', () => {
  it('are those of its points where its own cannot be', () => {
    const run = activity('Running', 0, lap(0, 60)).replaceAll(
      `StartTime="${iso(0)}"`,
      'StartTime="2826-05-02T06:00:00Z"',
    );
    const decoded = file(activities(run));
    expect(decoded.sessions[0]).toMatchObject({ startedAtMs: START, elapsedS: 60, laps: [{ startedAtMs: START }] });
    expect(decoded.notes).toEqual([{ code: 'start_from_records', params: { part: 0 } }]);
  });

  it('set points aside that lie in another century', () => {
    const run = activity('Running', 0, lap(0, 60)).replace(`<Time>${iso(30)}`, '<Time>2826-05-02T06:00:30Z');
    expect(file(activities(run))).toMatchObject({
      status: 'partial',
      sessions: [{ records: 61, recordsSetAside: 1, elapsedS: 60 }],
    });
  });
});

describe('a TCX without an activity', () => {
  const course = `<Courses><Course><Name>loop</Name><Lap><TotalTimeSeconds>9</TotalTimeSeconds></Lap><Track>${trackpoint(0)}${trackpoint(1)}</Track></Course></Courses>`;

  it.each([
    ['a course', course, 'course_file', 2, 1],
    [
      'a planned workout',
      '<Workouts><Workout Sport="Running"><Name>x</Name></Workout></Workouts>',
      'workout_file',
      0,
      0,
    ],
    ['an activity without laps', activities(activity('Running', 0)), 'nothing_recorded', 0, 0],
    ['nothing', '', 'nothing_recorded', 0, 0],
    [
      'an activity without any time',
      activities(
        '<Activity Sport="Running"><Id/><Lap><Track><Trackpoint><AltitudeMeters>4</AltitudeMeters></Trackpoint></Track></Lap></Activity>',
      ),
      'track_without_times',
      1,
      1,
    ],
  ])('says why: %s', (_name, within, code, records, laps) => {
    expect(decodeTcx(utf8(tcx(within)))).toMatchObject({ status: 'no_activity', code, records, laps });
  });

  it('may hold one beside a course, and then the activity counts', () => {
    expect(file(course, activities(activity('Running', 0, lap(0, 9)))).sessions).toMatchObject([{ records: 10 }]);
  });
});

describe('a damaged TCX', () => {
  const whole = tcx(activities(activity('Running', 0, lap(0, 100), lap(100, 100))));

  it('keeps what was written before it is cut', () => {
    expect(decodeTcx(utf8(whole.slice(0, whole.indexOf(iso(140)))))).toMatchObject({
      status: 'partial',
      sessions: [{ records: 141, laps: { length: 2 } }],
      notes: [{ code: 'file_cut' }],
    });
  });

  it('is unreadable when that is nothing', () => {
    expect(decodeTcx(utf8(whole.slice(0, 150)))).toMatchObject({ status: 'unreadable', code: 'damaged_file' });
  });

  it('expands no entities, and reads what is beside them', () => {
    const bomb = whole
      .replace('?>', '?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>')
      .replace('<Lap', '<Notes>&b;&b;</Notes><Lap');
    expect(decodeTcx(utf8(bomb))).toMatchObject({
      status: 'complete',
      sessions: [{ records: 202 }],
      notes: [{ code: 'doctype_ignored' }, { code: 'stray_ampersands' }],
    });
  });
});
