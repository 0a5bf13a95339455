import { describe, expect, it } from 'vitest';
import type { DecodedActivityFile, DecodedSession } from '../decoded.ts';
import { gpx, iso, START, trk, trkpt, trkpts, trkseg, utf8, utf16 } from '../track/xml-files.test-support.ts';
import { XML_LIMITS } from '../xml/xml-limits.ts';
import { decodeGpx } from './decode-gpx.ts';

function file(...within: string[]): DecodedActivityFile {
  const decoded = decodeGpx(utf8(gpx(...within)));
  if (!('sessions' in decoded)) throw new Error(`${decoded.status}: ${decoded.code}`);
  return decoded;
}

const session = (...within: string[]): DecodedSession => file(...within).sessions[0]!;
const codes = ({ notes }: DecodedActivityFile): string[] => notes.map(({ code }) => code);
const timed = (second: number, more = ''): string => `<time>${iso(second)}</time>${more}`;

describe('a GPX of a run', () => {
  it('is one session with what its points tell', () => {
    const decoded = file(trk('running', trkseg(trkpts(0, 101, (s) => timed(s, `<ele>${400 + s / 5}</ele>`)))));
    expect(decoded).toMatchObject({ format: 'gpx', fileType: 'track', status: 'complete', utcOffsetS: null });
    expect(decoded.notes).toEqual([{ code: 'distance_from_positions', params: { part: 0 } }]);
    expect(decoded.sessions).toMatchObject([
      {
        part: 0,
        sport: 'run',
        startedAtMs: START,
        elapsedS: 100,
        timerS: 100,
        movingS: 100,
        distanceM: expect.closeTo(300, 0),
        ascentM: 20,
        descentM: 0,
        avgHeartRateBpm: null,
        records: 101,
        recordsSetAside: 0,
        laps: [],
      },
    ]);
  });

  it.each([
    [
      'the track point extension',
      '<extensions><gpxtpx:TrackPointExtension xmlns:gpxtpx="urn:v1"><gpxtpx:atemp>21</gpxtpx:atemp><gpxtpx:hr>140</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad></gpxtpx:TrackPointExtension><power>250</power></extensions>',
    ],
    [
      'its second version under another prefix',
      '<extensions><ns3:TrackPointExtension xmlns:ns3="urn:v2"><ns3:atemp>21</ns3:atemp><ns3:hr>140</ns3:hr><ns3:cad>85</ns3:cad><ns3:speed>3.1</ns3:speed></ns3:TrackPointExtension><pwr:PowerInWatts>250</pwr:PowerInWatts></extensions>',
    ],
    [
      'GPXData',
      '<extensions><gpxdata:hr>140</gpxdata:hr><gpxdata:cadence>85</gpxdata:cadence><gpxdata:temp>21</gpxdata:temp><gpxdata:power>250</gpxdata:power></extensions>',
    ],
  ])('has the values of %s', (_name, extensions) => {
    expect(session(trk('running', trkseg(trkpts(0, 3, (s) => timed(s, extensions)))))).toMatchObject({
      avgHeartRateBpm: 140,
      maxHeartRateBpm: 140,
      avgCadenceSpm: 170,
      avgTemperatureC: 21,
      avgPowerW: 250,
      columns: { cadenceSpm: Float64Array.of(170, 170, 170) },
    });
  });

  it('counts one foot of a runner twice, unless the file counts both feet', () => {
    const cad = (value: number) => (s: number) => timed(s, `<extensions><cad>${value}</cad></extensions>`);
    expect(session(trk('running', trkseg(trkpts(0, 3, cad(84))))).avgCadenceSpm).toBe(168);
    expect(session(trk('cycling', trkseg(trkpts(0, 3, cad(84))))).avgCadenceSpm).toBe(84);
    const both = file(trk('running', trkseg(trkpts(0, 3, cad(168)))));
    expect(both.sessions[0]!.avgCadenceSpm).toBe(168);
    expect(codes(both)).toContain('cadence_of_both_feet');
  });

  it('has speed where GPX 1.0 has it', () => {
    expect(session(trk('running', trkseg(trkpts(0, 3, (s) => timed(s, '<speed>3.2</speed>'))))).maxSpeedMps).toBe(3.2);
  });

  it('is read under any prefix, and in UTF-16', () => {
    const text = gpx(trk('running', trkseg(trkpts(0, 5)))).replace(/<(\/?)(?=[a-z])/g, '<$1g:');
    expect(decodeGpx(utf8(text))).toMatchObject({ status: 'complete', sessions: [{ sport: 'run', records: 5 }] });
    expect(decodeGpx(utf16(text))).toMatchObject({ status: 'complete', sessions: [{ sport: 'run', records: 5 }] });
  });

  it('has a sport only where its track says so', () => {
    const decoded = file(trk(null, trkseg(trkpts(0, 5))));
    expect(decoded.sessions[0]!.sport).toBe('other');
    expect(codes(decoded)).toContain('sport_not_stated');
  });

  it('knows the offset of local time where its times do', () => {
    const local = (s: number) => `<time>${iso(s + 7_200).replace('Z', '+02:00')}</time>`;
    expect(file(trk('running', trkseg(trkpts(0, 3, local))))).toMatchObject({
      utcOffsetS: 7_200,
      sessions: [{ startedAtMs: START }],
    });
  });

  it('takes a time without a zone for UTC, and says so', () => {
    const decoded = file(trk('running', trkseg(trkpts(0, 3, (s) => `<time>${iso(s).replace('Z', '')}</time>`))));
    expect(decoded.sessions[0]!.startedAtMs).toBe(START);
    expect(decoded.notes).toContainEqual({ code: 'time_zone_assumed', params: { times: 3 } });
  });

  it('leaves out values that nothing measured', () => {
    const odd = '<ele>99999</ele><extensions><hr>400</hr><cad>x</cad></extensions>';
    const { columns } = session(trk('running', trkseg(trkpts(0, 3, (s) => timed(s, odd)))));
    expect(Object.keys(columns)).toEqual(['timeS', 'latitudeDeg', 'longitudeDeg', 'distanceM']);
  });

  it('has points without a place, and a place that is none', () => {
    const nowhere = `<trkpt lat="0" lon="0">${timed(1)}</trkpt><trkpt lat="91" lon="8">${timed(2)}</trkpt><trkpt>${timed(3)}</trkpt>`;
    const { records, distanceM, columns } = session(trk('running', trkseg(trkpt(0), nowhere, trkpts(4, 3))));
    expect([records, distanceM, [...columns.latitudeDeg!].filter(Number.isNaN).length]).toEqual([
      7,
      expect.closeTo(18, 0),
      3,
    ]);
  });
});

describe('segments and tracks', () => {
  it('are one run with a pause where a track breaks', () => {
    const decoded = file(trk('running', trkseg(trkpts(0, 61)), '<trkseg/>', trkseg(), trkseg(trkpts(600, 61))));
    expect(decoded.sessions).toMatchObject([{ records: 122, elapsedS: 660, timerS: 120 + 540, movingS: 660 }]);
    // The runner of these points went on: 1,620 m in nine minutes. One who stood still paused.
    const back = trkpts(600, 61).replaceAll(/lat="[\d.]+"/g, 'lat="47.3716"');
    const [paused] = file(trk('running', trkseg(trkpts(0, 61)), trkseg(back))).sessions;
    expect(paused).toMatchObject({ elapsedS: 660, timerS: 120, movingS: 60, distanceM: expect.closeTo(180, 0) });
  });

  it('are one run when a device begins a new track every now and then', () => {
    const decoded = file(trk(null, trkseg(trkpts(0, 60))), trk(null, trkseg(trkpts(900, 60))));
    expect(decoded.sessions).toMatchObject([{ part: 0, records: 120, elapsedS: 959 }]);
    expect(decoded.notes).toContainEqual({ code: 'tracks_joined', params: { part: 0, tracks: 2 } });
  });

  it.each([
    ['an hour apart', trk('running', trkseg(trkpts(0, 60))), trk('running', trkseg(trkpts(3_700, 60)))],
    ['of two sports', trk('running', trkseg(trkpts(0, 60))), trk('cycling', trkseg(trkpts(70, 60)))],
    ['at the same time', trk('running', trkseg(trkpts(0, 60))), trk('running', trkseg(trkpts(30, 60)))],
    ['of two days in one track', trk('running', trkseg(trkpts(0, 60)), trkseg(trkpts(86_400, 60))), ''],
    ['in the wrong order', trk('running', trkseg(trkpts(9_000, 60))), trk('running', trkseg(trkpts(0, 60)))],
  ])('are two activities when they are %s', (_name, first, second) => {
    const { sessions } = file(first, second);
    expect(sessions.map(({ part, records }) => [part, records])).toEqual([
      [1, 60],
      [2, 60],
    ]);
    expect(sessions[0]!.startedAtMs).toBe(START);
  });

  it('stay as many as a hostile file has, up to the limit', () => {
    const many = Array.from({ length: 600 }, (_, i) => trk('running', trkseg(trkpts(i * 10_000, 2))));
    const decoded = file(...many);
    expect(decoded).toMatchObject({ status: 'partial', sessions: { length: XML_LIMITS.sessions } });
    expect(decoded.notes).toContainEqual({ code: 'limit_reached', params: { limit: 'sessions' } });
  });
});

describe('times that cannot be', () => {
  it('set their points aside', () => {
    const wrong = trkpt(60, '<time>2826-05-02T06:01:00Z</time>') + trkpt(61, '<time>yesterday</time>') + trkpt(62, '');
    const decoded = file(trk('running', trkseg(trkpts(0, 60), wrong)));
    expect(decoded).toMatchObject({ status: 'partial', sessions: [{ records: 63, recordsSetAside: 3, elapsedS: 59 }] });
    expect(decoded.notes).toContainEqual({ code: 'records_set_aside', params: { part: 0, records: 3 } });
  });

  it('are put in order', () => {
    const decoded = file(trk('running', trkseg(trkpts(30, 30), trkpts(0, 30))));
    expect(decoded.sessions[0]).toMatchObject({ startedAtMs: START, elapsedS: 59 });
    expect(codes(decoded)).toContain('records_reordered');
  });

  it('are missing in a whole segment, which is left out', () => {
    const decoded = file(trk('running', trkseg(trkpts(0, 60)), trkseg(trkpts(60, 20, () => ''))));
    expect(decoded.sessions).toMatchObject([{ records: 60 }]);
    expect(decoded.notes).toContainEqual({ code: 'segments_without_times', params: { segments: 1 } });
  });
});

describe('a GPX without an activity', () => {
  const route = '<rte><name>loop</name><rtept lat="47" lon="8"/><rtept lat="47.1" lon="8"/></rte>';
  const places = '<wpt lat="47" lon="8"><time>2026-05-02T06:00:00Z</time><name>hut</name></wpt>';

  it.each([
    ['a track without times', [trk('running', trkseg(trkpts(0, 4, () => '<ele>400</ele>')))], 'track_without_times', 4],
    ['a route', [route, places], 'route_only', 2],
    ['places', [places], 'waypoints_only', 0],
    ['an empty track', [trk('running', trkseg())], 'nothing_recorded', 0],
    ['nothing', [], 'nothing_recorded', 0],
  ])('says why: %s', (_name, within, code, records) => {
    expect(decodeGpx(utf8(gpx(...within)))).toEqual({
      status: 'no_activity',
      code,
      fileType: expect.toSatisfy((type) => type === null || typeof type === 'string'),
      what: expect.any(String),
      records,
      laps: 0,
    });
  });

  it('is damaged when it ends before its first point', () => {
    expect(decodeGpx(utf8('<gpx version="1.1"><trk><trkseg><trkpt lat="47" lon="8">'))).toMatchObject({
      status: 'unreadable',
      code: 'damaged_file',
    });
  });
});

describe('a damaged GPX', () => {
  const whole = gpx(trk('running', trkseg(trkpts(0, 100))));

  it('keeps every whole point when it is cut', () => {
    const decoded = decodeGpx(utf8(whole.slice(0, whole.indexOf(iso(40)))));
    expect(decoded).toMatchObject({
      status: 'partial',
      sessions: [{ records: 40, elapsedS: 39, distanceM: expect.closeTo(117, 0) }],
    });
    expect(decoded).toMatchObject({ notes: [{ code: 'file_cut' }, { code: 'distance_from_positions' }] });
  });

  it('keeps the points before broken markup', () => {
    const at = whole.indexOf('</trkpt>', whole.indexOf(iso(40)));
    const broken = `${whole.slice(0, at)}</trkpx>${whole.slice(at + 8)}`;
    expect(decodeGpx(utf8(broken))).toMatchObject({
      status: 'partial',
      sessions: [{ records: 40 }],
      notes: [{ code: 'reading_stopped', params: { reason: 'malformed', line: 2 } }, {}],
    });
  });

  it('is whole for all that matters with a stray ampersand in a name', () => {
    const named = whole.replace('<type>', '<name>Tom & Jerry</name><type>');
    expect(decodeGpx(utf8(named))).toMatchObject({
      status: 'complete',
      sessions: [{ records: 100 }],
      notes: [{ code: 'stray_ampersands', params: { count: 1 } }, {}],
    });
  });
});
