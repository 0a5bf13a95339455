/**
 * Real recordings for tests. They lie beside the checkout (`../shared/data` from its root) and not in it; where they
 * are absent the tests that need them are skipped and say so. The tests of our own files still run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe } from 'vitest';

const FOLDER = new URL('../../../../shared/data/', import.meta.url);

/** Whether the recordings are there. */
export const hasRecordings = existsSync(new URL('expected.json', FOLDER));

/** One file, for example `fit/ride-zwift-virtual.fit`. */
export function recording(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(path, FOLDER)));
}

/** All FIT recordings, by path. */
export function fitRecordings(): string[] {
  return hasRecordings ? readdirSync(new URL('fit/', FOLDER)).map((name) => `fit/${name}`) : [];
}

/** What `expected.json` says of one TCX or GPX file, as an XML parser counts. */
export interface ExpectedTrack {
  well_formed: boolean;
  /** TCX. */
  activities?: { sport: string; id: string }[];
  laps?: number;
  lap_time_sum?: number;
  lap_distance_sum?: number;
  trackpoints?: number;
  with_position?: number;
  with_heart_rate?: number;
  with_altitude?: number;
  /** GPX. */
  tracks?: number;
  track_points?: number;
  waypoints?: number;
  routes?: number;
  route_points?: number;
  points_with_time?: number;
  points_with_elevation?: number;
  points_with_heart_rate?: number;
  first_time?: string | null;
  last_time?: string | null;
}

/** Of all TCX and GPX recordings, by path. */
export function expectedTracks(): Record<string, ExpectedTrack> {
  if (!hasRecordings) return {};
  const all = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as {
    tracks: Record<string, ExpectedTrack>;
  };
  return all.tracks;
}

/** What `expected.json` says of one FIT file. */
export interface ExpectedFile {
  expected: {
    isFIT?: boolean;
    messages: Record<string, number>;
    file_id?: { type: string | null; time_created: string | null };
    sessions: ExpectedSession[];
    first_record: string | null;
    last_record: string | null;
    has_positions: boolean;
    records_with_position: number;
    records_with_heart_rate: number;
    records_with_power: number;
    developer_fields?: string[];
  };
  structure: {
    fit_files: number;
    header_sizes: number[];
    crc: string[];
    big_endian_definitions: number;
    compressed_timestamp_messages: number;
    messages: Record<string, number>;
    first_record: string | null;
    last_record: string | null;
  };
}

export interface ExpectedSession {
  sport: string;
  sub_sport: string | null;
  start_time: string;
  total_distance: number | null;
  total_elapsed_time: number | null;
  total_timer_time: number | null;
  avg_heart_rate: number | null;
  max_heart_rate: number | null;
  avg_cadence: number | null;
  total_ascent: number | null;
}

export function expectedOf(path: string): ExpectedFile {
  const all = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')) as {
    files: Record<string, ExpectedFile>;
  };
  return all.files[path]!;
}

/** `describe` for tests that need the recordings. */
export function describeWithRecordings(name: string, tests: () => void): void {
  if (hasRecordings) return void describe(name, tests);
  describe.skip(`${name} (skipped: the recordings are not at ${FOLDER.pathname})`, tests);
  console.warn(`skipped "${name}": the recordings are not at ${FOLDER.pathname}`);
}
