/**
 * What a FIT file says, message by message, before anybody asks what it means.
 *
 * Whatever reads the bytes fills this one shape, and decode-fit.ts makes sessions of it. Values are in the profile's
 * units (profile.ts), times are FIT seconds, absent is absent.
 */
import type { FitLimit } from './fit-limits.ts';
import type {
  ACTIVITY,
  DEVICE_INFO,
  EVENT,
  FILE_ID,
  LAP,
  LENGTH,
  MessageOf,
  RECORD,
  SESSION,
  SPORT,
} from './profile.ts';

export type FileIdMessage = MessageOf<typeof FILE_ID>;
export type SportMessage = MessageOf<typeof SPORT>;
export type SessionMessage = MessageOf<typeof SESSION>;
export type LapMessage = MessageOf<typeof LAP>;
export type EventMessage = MessageOf<typeof EVENT>;
export type DeviceInfoMessage = MessageOf<typeof DEVICE_INFO>;
export type ActivityMessage = MessageOf<typeof ACTIVITY>;
export type LengthMessage = MessageOf<typeof LENGTH>;

/** A record column of its own; positions in degrees. */
export type RecordField = keyof MessageOf<typeof RECORD>;

/** A heart-rate strap's memory, written after the activity: beats on the strap's own clock (strap-beats.ts). */
export interface HrMessage {
  timestamp: number | null;
  fractionalS: number | null;
  /** One value a beat; NaN where the strap was not sure. */
  bpm: number[];
  /** Seconds on the strap's clock, in full. */
  eventS: number[];
  /** Or the low twelve bits of it in 1/1024 s, packed; empty when `eventS` is there. */
  packedEvents: Uint8Array;
}

/** What a developer field is, as the file declares it. */
export interface FieldDescription {
  developerIndex: number;
  fieldNumber: number;
  /** Base type number (base-type.ts); null when the file names none we know. */
  baseType: number | null;
  name: string;
  units: string;
  /** A value is `raw / scale - offset`. */
  scale: number;
  offset: number;
  /** The native message and field it may stand for. */
  nativeMessage: number | null;
  nativeField: number | null;
}

/** One developer field over all records. Two apps may use one name, so the description travels along. */
export interface DeveloperColumn {
  description: FieldDescription;
  values: Float64Array;
}

/** Every record message, in file order. Columns have `count` values, NaN where a record has none. */
export interface FitRecords {
  count: number;
  /** FIT seconds. */
  timestamp: Float64Array;
  columns: { [F in RecordField]?: Float64Array };
  /** Unpacked `compressed_speed_distance`: m/s, and metres since its first record. */
  packedSpeed: Float64Array | null;
  packedDistance: Float64Array | null;
  developer: DeveloperColumn[];
}

/** Why reading stopped before the end of a part. */
export type FitStopReason = 'cut_message' | 'undefined_message' | 'invalid_header' | 'too_many_definitions' | 'refused';

/** One FIT file of the chain that a download can be. */
export interface FitPart {
  /** Byte where its header begins. */
  start: number;
  headerSize: number;
  /** Bytes of data that the header promises. */
  declaredBytes: number;
  /** First byte of the data, and the first after it: the promised end, or the end of the input when that is nearer. */
  dataStart: number;
  dataEnd: number;
  /** Whether the input ends before the promised data does. */
  cut: boolean;
  crc: 'ok' | 'wrong' | 'missing';
  /** Set when the reader gave up before `dataEnd`. */
  stop: { atByte: number; reason: FitStopReason } | null;
}

export interface FitMessages {
  parts: FitPart[];
  /** Bytes after the last part that are no FIT file. */
  trailingBytes: number;
  /** Data messages by global number, whether kept or not. */
  counts: Map<number, number>;
  fileIds: FileIdMessage[];
  sports: SportMessage[];
  sessions: SessionMessage[];
  laps: LapMessage[];
  events: EventMessage[];
  deviceInfos: DeviceInfoMessage[];
  activities: ActivityMessage[];
  lengths: LengthMessage[];
  hr: HrMessage[];
  /** Seconds between heart beats, all `hrv` messages in a row. */
  beatIntervalsS: Float64Array;
  fieldDescriptions: FieldDescription[];
  records: FitRecords;
  /** Limits that the file went over (fit-limits.ts). */
  limitsReached: FitLimit[];
}
