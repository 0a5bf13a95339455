import { expect, it } from 'vitest';
import type { DecodedActivityFile } from '../decoded.ts';
import {
  describeWithRecordings,
  type ExpectedSession,
  expectedOf,
  fitRecordings,
  recording,
} from '../recordings.test-support.ts';
import { decodeFit } from './decode-fit.ts';
import { fitToUnixMs } from './fit-time.ts';
import { readFit } from './read-fit.ts';

const GLOBALS: Record<string, number> = {
  file_id: 0,
  session: 18,
  lap: 19,
  record: 20,
  event: 21,
  device_info: 23,
  activity: 34,
  workout_step: 27,
  course_point: 32,
  hrv: 78,
  length: 101,
  hr: 132,
  field_description: 206,
};

const SPORTS: Record<string, string> = {
  running: 'run',
  cycling: 'ride',
  swimming: 'swim',
  transition: 'transition',
  generic: 'other',
  snorkeling: 'other',
};

const SUB_SPORTS: Record<string, string> = {
  trail: 'trail',
  treadmill: 'treadmill',
  indoor_cycling: 'indoor',
  virtual_activity: 'virtual',
  lap_swimming: 'pool',
  open_water: 'open_water',
};

const NO_ACTIVITY: Record<string, string> = {
  'fit/course-garmin-connect-4-points.fit': 'course_file',
  'fit/workout-heart-rate-target.fit': 'workout_file',
  'fit/not-fit-macos-resource-fork.fit': 'not_an_activity_file',
};

const ACTIVITIES = fitRecordings().filter((path) => !(path in NO_ACTIVITY));

function activity(path: string): DecodedActivityFile {
  const decoded = decodeFit(recording(path));
  if (!('sessions' in decoded)) throw new Error(`${path}: ${decoded.code}`);
  return decoded;
}

const iso = (fitS: number | undefined): string | null =>
  fitS === undefined ? null : new Date(fitToUnixMs(fitS)).toISOString();

const valuesIn = (column: Float64Array | undefined): number =>
  column === undefined ? 0 : column.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);

describeWithRecordings('a real recording, message by message', () => {
  it.each(fitRecordings())('%s has the structure of its bytes', (path) => {
    const { structure } = expectedOf(path);
    const { parts, records } = readFit(recording(path));
    expect({
      fit_files: parts.length,
      header_sizes: parts.map(({ headerSize }) => headerSize),
      crc: parts.map(({ crc }) => crc),
      first_record: iso(records.timestamp[0]),
      last_record: iso(records.timestamp.at(-1)),
    }).toEqual({
      fit_files: structure.fit_files,
      header_sizes: structure.header_sizes,
      crc: structure.crc,
      first_record: structure.first_record,
      last_record: structure.last_record,
    });
  });

  it.each(fitRecordings())('%s has the messages an independent walk counts', (path) => {
    const { expected, structure } = expectedOf(path);
    const { counts, parts } = readFit(recording(path));
    const counted = (wanted: Record<string, number>): Record<string, number> =>
      Object.fromEntries(Object.keys(wanted).map((name) => [name, counts.get(GLOBALS[name]!) ?? 0]));
    expect(counted(structure.messages)).toEqual(structure.messages);
    // For chained files the profile's counts are those of the first file only.
    if (parts.length <= 1) expect(counted(expected.messages)).toEqual(expected.messages);
  });

  it.each(fitRecordings())('%s declares its developer fields', (path) => {
    const names = readFit(recording(path)).fieldDescriptions.map(({ name }) => name);
    expect([...new Set(names)]).toEqual(expectedOf(path).expected.developer_fields ?? []);
  });
});

describeWithRecordings('a real recording, as sessions', () => {
  it.each(ACTIVITIES)('%s has the sessions that the device summed up', (path) => {
    const { sessions } = activity(path);
    const expected = expectedOf(path).expected.sessions;
    if (expected.length === 0) return expect(sessions).toHaveLength(1);
    expect(sessions.map(({ part }) => part)).toEqual(expected.length === 1 ? [0] : expected.map((_, i) => i + 1));
    expected.forEach((want, i) => {
      const got = sessions[i]!;
      expect(new Date(got.startedAtMs!).toISOString()).toBe(want.start_time);
      expect({ sport: got.sport, subSport: got.subSport }).toEqual({
        sport: SPORTS[want.sport],
        subSport: SUB_SPORTS[want.sub_sport ?? ''] ?? null,
      });
      expectNear('distanceM', got.distanceM, want.total_distance, 1);
      expectNear('elapsedS', got.elapsedS, want.total_elapsed_time, 1);
      expectNear('timerS', got.timerS, want.total_timer_time, 1);
      expectNear('avgHeartRateBpm', got.avgHeartRateBpm, want.avg_heart_rate, 1);
      expectNear('maxHeartRateBpm', got.maxHeartRateBpm, want.max_heart_rate, 1);
      expect(got.ascentM).toBe(want.total_ascent);
      expectCadence(got.avgCadenceSpm, want);
      expect(got.movingS ?? 0).toBeLessThanOrEqual(Math.min(got.timerS!, got.elapsedS!));
    });
  });

  it.each(ACTIVITIES)('%s loses no record and no lap between its sessions', (path) => {
    const { sessions } = activity(path);
    const { messages } = expectedOf(path).structure;
    expect(sum(sessions.map(({ records }) => records))).toBe(messages.record);
    expect(sum(sessions.map(({ laps }) => laps.length))).toBe(messages.lap);
    for (const { columns, records, recordsSetAside } of sessions) {
      for (const column of Object.values(columns)) expect(column).toHaveLength(records - recordsSetAside);
      expect(columns.timeS.every((time, i) => i === 0 || time >= columns.timeS[i - 1]!)).toBe(true);
    }
  });

  it.each(ACTIVITIES)('%s has positions, heart rate and power on as many records', (path) => {
    const { expected } = expectedOf(path);
    const columns = activity(path).sessions.map((session) => session.columns);
    const setAside = sum(activity(path).sessions.map(({ recordsSetAside }) => recordsSetAside));
    const positions = sum(columns.map(({ latitudeDeg }) => valuesIn(latitudeDeg)));
    // The one implausible record of the damaged phone file has a position as well.
    expect(positions).toBe(expected.records_with_position - setAside);
    expect(sum(columns.map(({ heartRateBpm }) => valuesIn(heartRateBpm)))).toBe(expected.records_with_heart_rate);
    if (readFit(recording(path)).records.columns.power === undefined) return;
    expect(sum(columns.map(({ powerW }) => valuesIn(powerW)))).toBe(expected.records_with_power);
  });

  it.each(Object.entries(NO_ACTIVITY))('%s is no activity: %s', (path, code) => {
    expect(decodeFit(recording(path))).toMatchObject({ code });
  });
});

describeWithRecordings('what single recordings taught us', () => {
  it('sets the record of 2085 aside and keeps the 472 before it', () => {
    const { status, sessions, notes } = activity('fit/run-strava-android-corrupt-tail.fit');
    expect(status).toBe('partial');
    expect(sessions[0]).toMatchObject({ records: 473, recordsSetAside: 1, distanceM: 11_274.04, movingS: null });
    expect(notes.map(({ code }) => code)).toEqual(['file_cut', 'reading_stopped', 'records_set_aside']);
  });

  it('notes the clock that was never set, and takes the distance from three packed bytes', () => {
    const { sessions, notes, utcOffsetS } = activity('fit/run-garmin-fr70-compressed-timestamps.fit');
    expect(notes.map(({ code }) => code)).toEqual(['device_clock_not_set', 'utc_offset_implausible']);
    expect(utcOffsetS).toBeNull();
    const { distanceM } = sessions[0]!.columns;
    expect(Math.abs(distanceM!.at(-1)! - sessions[0]!.distanceM!)).toBeLessThan(1);
  });

  it('keeps every whole record of a ride that was cut, and sums it up from them', () => {
    const { status, sessions } = activity('fit/corrupt-truncated-ride-sigma.fit');
    expect(status).toBe('partial');
    expect(sessions[0]).toMatchObject({
      records: 14_391,
      elapsedS: 16_723,
      timerS: 14_382,
      distanceM: 113_550.87,
      avgHeartRateBpm: 143,
      maxHeartRateBpm: 160,
    });
  });

  it('leaves null what the session does not say, though records have heart rates', () => {
    const [session] = activity('fit/run-stryd-pod-recording.fit').sessions;
    expect(session).toMatchObject({ avgHeartRateBpm: null, maxHeartRateBpm: null, ascentM: null });
    expect(valuesIn(session!.columns.heartRateBpm)).toBe(3_424);
  });

  it('keeps a heart rate of 0', () => {
    expect(activity('fit/ride-zwift-virtual.fit').sessions[0]).toMatchObject({
      avgHeartRateBpm: 0,
      maxHeartRateBpm: 0,
    });
  });

  it("takes a foot pod's running power where the watch has none of its own", () => {
    const pod = activity('fit/run-garmin-fenix5x-stryd-14-laps-hrv.fit');
    expect(valuesIn(pod.sessions[0]!.columns.powerW)).toBe(1_681);
    expect(pod.notes).toEqual([{ code: 'power_from_developer_field', params: { part: 0 } }]);
    expect(activity('fit/run-garmin-fr965-native-power-12-laps.fit').notes).toEqual([]);
  });

  it('reads what the runner answered on the watch', () => {
    expect(activity('fit/run-garmin-fr965-native-power-12-laps.fit').sessions[0]).toMatchObject({ rpe: 4, feel: 3 });
  });

  it("spreads a swim strap's memory over the records, close to what the device summed up", () => {
    const [pool] = activity('fit/swim-pool-chained-hr-strap.fit').sessions;
    expect(pool!.heartRateSource).toBe('chest');
    expect(Math.max(...pool!.columns.heartRateBpm!)).toBe(pool!.maxHeartRateBpm);
    const [swim] = activity('fit/triathlon-garmin-fr920xt-chained-hr-strap.fit').sessions;
    const heartRates = [...swim!.columns.heartRateBpm!];
    expectNear('mean', sum(heartRates) / heartRates.length, swim!.avgHeartRateBpm, 0.5);
    expectNear('highest', Math.max(...heartRates), swim!.maxHeartRateBpm, 1);
  });

  it.each([
    ['fit/run-garmin-fenix5-57-seconds-hrv.fit', -25_200, 'chest', 'barometric'],
    ['fit/run-garmin-fr645m-late-gps-fix.fit', 3_600, 'wrist', 'barometric'],
    ['fit/run-garmin-fr110-5-laps.fit', null, 'chest', null],
    ['fit/ride-zwift-virtual.fit', null, null, null],
  ])('%s: offset %s s, heart rate by %s, altitude %s', (path, utcOffsetS, heartRateSource, altitudeSource) => {
    const file = activity(path);
    expect(file.utcOffsetS).toBe(utcOffsetS);
    expect(file.sessions[0]).toMatchObject({ heartRateSource, altitudeSource });
  });
});

function expectNear(name: string, got: number | null, want: number | null, tolerance: number): void {
  if (want === null || got === null) return expect({ [name]: got }).toEqual({ [name]: want });
  expect(Math.abs(got - want), `${name} ${got} against ${want}`).toBeLessThanOrEqual(tolerance);
}

/** The expected figure is one foot's, whole; ours counts both feet of a runner and adds the fraction. */
function expectCadence(got: number | null, want: ExpectedSession): void {
  if (want.avg_cadence === null || got === null) return expect(got).toBe(want.avg_cadence);
  const feet = want.sport === 'running' ? 2 : 1;
  const fraction = got / feet - want.avg_cadence;
  expect(fraction).toBeGreaterThanOrEqual(0);
  expect(fraction).toBeLessThan(1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
