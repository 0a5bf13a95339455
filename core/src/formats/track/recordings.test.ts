import { expect, it } from 'vitest';
import { decodeActivityFile } from '../decode-activity-file.ts';
import type { DecodedSession } from '../decoded.ts';
import { describeWithRecordings, type ExpectedTrack, expectedTracks, recording } from '../recordings.test-support.ts';

const TRACKS = Object.entries(expectedTracks());
const hasTimes = ({ first_time }: ExpectedTrack): boolean => typeof first_time === 'string';
const ACTIVITIES = TRACKS.filter(([, expected]) => hasTimes(expected));
const OTHERS = TRACKS.filter(([, expected]) => !hasTimes(expected));

function sessionsOf(path: string): DecodedSession[] {
  const result = decodeActivityFile(recording(path));
  if (result.status !== 'decoded') throw new Error(`${path}: ${result.code}`);
  return result.file.sessions;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Values of a channel over all sessions. */
const valuesIn = (sessions: DecodedSession[], channel: 'latitudeDeg' | 'heartRateBpm' | 'altitudeM'): number =>
  sum(sessions.map(({ columns }) => columns[channel]?.filter((value) => !Number.isNaN(value)).length ?? 0));

const timeOf = ({ startedAtMs, columns }: DecodedSession, at: number): string =>
  new Date(startedAtMs! + columns.timeS.at(at)! * 1_000).toISOString();

describeWithRecordings('a real TCX or GPX of an activity', () => {
  it.each(ACTIVITIES)('%s holds as many points, first to last, as an XML parser counts', (path, expected) => {
    const sessions = sessionsOf(path);
    expect(sum(sessions.map(({ records }) => records))).toBe(expected.trackpoints ?? expected.track_points);
    expect(sum(sessions.map(({ recordsSetAside }) => recordsSetAside))).toBe(0);
    expect([timeOf(sessions[0]!, 0), timeOf(sessions.at(-1)!, -1)]).toEqual(
      [expected.first_time!, expected.last_time!].map((time) => new Date(time).toISOString()),
    );
  });

  it.each(ACTIVITIES)('%s has positions, heart rate and elevation on as many', (path, expected) => {
    const sessions = sessionsOf(path);
    const positions = expected.with_position ?? expected.track_points;
    const heartRates = expected.with_heart_rate ?? expected.points_with_heart_rate;
    expect(valuesIn(sessions, 'latitudeDeg')).toBe(positions);
    expect(valuesIn(sessions, 'heartRateBpm')).toBe(heartRates);
    if (expected.with_altitude !== undefined) expect(valuesIn(sessions, 'altitudeM')).toBe(expected.with_altitude);
    else {
      // The parser counted the elevations of waypoints too.
      const altitudes = valuesIn(sessions, 'altitudeM');
      expect(altitudes).toBeLessThanOrEqual(expected.points_with_elevation!);
      expect(altitudes).toBeGreaterThanOrEqual(expected.points_with_elevation! - expected.waypoints!);
    }
  });

  it.each(ACTIVITIES.filter(([, { laps }]) => laps !== undefined))(
    '%s has its laps and their sums',
    (path, expected) => {
      const [session, ...others] = sessionsOf(path);
      expect(others).toEqual([]);
      expect(expected.activities).toHaveLength(1);
      expect(new Date(session!.startedAtMs!).toISOString()).toBe(new Date(expected.activities![0]!.id).toISOString());
      expect(session).toMatchObject({ sport: 'run', laps: { length: expected.laps } });
      expect(session!.timerS).toBeCloseTo(expected.lap_time_sum!, 2);
      expect(session!.distanceM).toBeCloseTo(expected.lap_distance_sum!, 2);
      expect(sum(session!.laps.map(({ timerS }) => timerS!))).toBeCloseTo(expected.lap_time_sum!, 2);
      expect(sum(session!.laps.map(({ distanceM }) => distanceM!))).toBeCloseTo(expected.lap_distance_sum!, 2);
    },
  );

  it.each(ACTIVITIES)('%s: moving, timer and elapsed time are in this order', (path) => {
    for (const { movingS, timerS, elapsedS } of sessionsOf(path)) {
      expect(movingS).toBeLessThanOrEqual(timerS!);
      expect(timerS).toBeLessThanOrEqual(elapsedS!);
    }
  });

  it('differs from itself without heart rates by those alone', () => {
    const [withThem, without] = ['3-laps', 'no-heart-rate'].map(
      (name) => sessionsOf(`tcx/run-garmin-fr410-${name}.tcx`)[0]!,
    );
    const { heartRateBpm, ...columns } = withThem!.columns;
    expect(heartRateBpm).toHaveLength(384);
    expect(without!.columns).toEqual(columns);
    expect([without!.avgHeartRateBpm, without!.maxHeartRateBpm]).toEqual([null, null]);
    expect([withThem!.avgHeartRateBpm, withThem!.maxHeartRateBpm]).toEqual([160, 189]);
  });

  it('covers about what the watch measured, by its positions alone', () => {
    const [run] = sessionsOf('tcx/run-garmin-vivoactive3-3-laps-extensions.tcx');
    const text = new TextDecoder().decode(recording('tcx/run-garmin-vivoactive3-3-laps-extensions.tcx'));
    const bare = decodeActivityFile(
      new TextEncoder().encode(text.replaceAll(/<DistanceMeters>.*?<\/DistanceMeters>/g, '')),
    );
    if (bare.status !== 'decoded') throw new Error(bare.code);
    expect(Math.abs(bare.file.sessions[0]!.distanceM! / run!.distanceM! - 1)).toBeLessThan(0.02);
  });
});

describeWithRecordings('a real GPX that is no activity', () => {
  const CODES: Record<string, string> = {
    'gpx/course-ridewithgps-4-waypoints.gpx': 'track_without_times',
    'gpx/route-gaia-9252-points.gpx': 'route_only',
    'gpx/waypoints-only-unicode.gpx': 'waypoints_only',
    'gpx/byte-order-mark-no-encoding.gpx': 'waypoints_only',
    'gpx/malformed-not-xml.gpx': 'not_an_activity_file',
  };

  it.each(OTHERS)('%s says so', (path, { track_points = 0, route_points = 0 }) => {
    const result = decodeActivityFile(recording(path));
    expect(result).toMatchObject({ code: CODES[path] });
    if (result.status === 'no_activity') expect(result.records).toBe(track_points + route_points);
  });
});
