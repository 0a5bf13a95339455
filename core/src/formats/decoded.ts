/**
 * What every activity file becomes, whatever its format: sessions with their laps and their series in columns.
 *
 * Units are SI and in the names; `null` means the file does not say, 0 is a value. Columns are `Float64Array`
 * of one length per session, `NaN` where a record has no value.
 */
import type { Sport, SubSport } from '../model/sport.ts';
import type { NoteCode } from './activity-file-codes.ts';

/** The channels a series can hold, each with its unit in its name. */
export const CHANNELS = [
  'timeS',
  'latitudeDeg',
  'longitudeDeg',
  'distanceM',
  'altitudeM',
  'heartRateBpm',
  'cadenceSpm',
  'powerW',
  'speedMps',
  'temperatureC',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Columns of one session; `timeS` counts seconds from the session's start and is always there. */
export type SeriesColumns = { timeS: Float64Array } & { [C in Exclude<Channel, 'timeS'>]?: Float64Array };

/** Something a reader noticed and an operator may want to know: a stable code and the figures that go with it. */
export interface DecodeNote {
  code: NoteCode;
  params?: Record<string, string | number>;
}

export interface DecodedLap {
  startedAtMs: number;
  elapsedS: number | null;
  timerS: number | null;
  distanceM: number | null;
  avgHeartRateBpm: number | null;
  maxHeartRateBpm: number | null;
  avgCadenceSpm: number | null;
  avgPowerW: number | null;
  ascentM: number | null;
}

/** The identity a FIT `file_id` message gives. A `serial` of 0 proves nothing. */
export interface FileId {
  manufacturer: string | null;
  product: string | null;
  serial: number | null;
  createdAtS: number | null;
}

/** One session: what becomes one activity. */
export interface DecodedSession {
  /** 0 when the file holds one session, else 1 … n in order of start. */
  part: number;
  sport: Sport;
  subSport: SubSport | null;
  startedAtMs: number | null;
  elapsedS: number | null;
  timerS: number | null;
  movingS: number | null;
  distanceM: number | null;
  ascentM: number | null;
  descentM: number | null;
  avgHeartRateBpm: number | null;
  maxHeartRateBpm: number | null;
  avgCadenceSpm: number | null;
  maxCadenceSpm: number | null;
  avgPowerW: number | null;
  maxPowerW: number | null;
  normalizedPowerW: number | null;
  maxSpeedMps: number | null;
  energyKcal: number | null;
  avgTemperatureC: number | null;
  strideLengthM: number | null;
  verticalOscillationMm: number | null;
  groundContactMs: number | null;
  aerobicTrainingEffect: number | null;
  anaerobicTrainingEffect: number | null;
  /** What the athlete answered on the watch. */
  rpe: number | null;
  feel: number | null;
  laps: DecodedLap[];
  columns: SeriesColumns;
  /** Decoded record messages that belong to this session, before implausible ones are set aside. */
  records: number;
  /** Of those, the ones left out of `columns` because their time cannot be. */
  recordsSetAside: number;
  heartRateSource: 'chest' | 'wrist' | null;
  altitudeSource: 'barometric' | 'gps' | null;
}

/** What a file's summary of a session can state, or its records can tell. */
export type SessionFigures = Omit<
  DecodedSession,
  | 'part'
  | 'sport'
  | 'subSport'
  | 'startedAtMs'
  | 'movingS'
  | 'laps'
  | 'columns'
  | 'records'
  | 'recordsSetAside'
  | 'heartRateSource'
  | 'altitudeSource'
>;

/** A decoded activity file. */
export interface DecodedActivityFile {
  format: 'fit' | 'tcx' | 'gpx';
  fileId: FileId | null;
  /** What the file is for, as it says: activity, course, workout … */
  fileType: string | null;
  device: { name: string | null; manufacturer: string | null; serial: number | null; firmware: string | null };
  /** Seconds the device's clock was ahead of UTC, when the file says so. */
  utcOffsetS: number | null;
  /** `partial`: readable in part (cut, damaged, wrong CRC …), see `notes`. */
  status: 'complete' | 'partial';
  sessions: DecodedSession[];
  notes: DecodeNote[];
}
