/**
 * Messages as the library "fit-file-parser" names them, in our shape (fit-messages.ts).
 *
 * It knows the same profile, so field names agree. What differs: times are `Date` objects, enumerations are names, an
 * array item without a value is null.
 */
import { getFitManufacturerName, getFitSportId, getFitSubSportId } from 'fit-file-parser/profile';
import { BASE_TYPE } from './base-type.ts';
import type { FieldDescription, HrMessage } from './fit-messages.ts';
import { unixMsToFit } from './fit-time.ts';
import { FILE_TYPES, LAP, type MessageOf, type MessageProfile, RECORD, SESSION } from './profile.ts';

/** A message of the library. */
export type LibraryMessage = Readonly<Record<string, unknown>>;

/** Messages that a developer field may add a native field to. */
const NATIVE_MESSAGES: ReadonlyMap<string, number> = new Map([
  ['session', SESSION.global],
  ['lap', LAP.global],
  ['record', RECORD.global],
]);
/** The highest number that has a name. */
const LARGEST_MANUFACTURER = 5_759;
const NO_BYTE = 0xff;

/** Numbers of the names that decoding looks at; others are left out. */
const NUMBER_OF_NAME: Readonly<Record<string, ReadonlyMap<string, number>>> = {
  type: new Map([...FILE_TYPES].map(([number, name]) => [name, number])),
  event: new Map([['timer', 0]]),
  event_type: new Map(Object.entries({ start: 0, stop: 1, stop_all: 4, stop_disable: 8, stop_disable_all: 9 })),
  source_type: new Map(
    Object.entries({ ant: 0, antplus: 1, bluetooth: 2, bluetooth_low_energy: 3, wifi: 4, local: 5 }),
  ),
  device_index: new Map([['creator', 0]]),
  length_type: new Map(Object.entries({ idle: 0, active: 1 })),
};

/** Turns the library's messages into ours. Holds the one list that is expensive to make. */
export class LibraryMessages {
  private manufacturers: ReadonlyMap<string, number> | null = null;

  /** The fields of a profile that the message states. */
  message<N extends string, T extends string>(
    from: LibraryMessage,
    profile: MessageProfile<N, T>,
  ): MessageOf<MessageProfile<N, T>> {
    const message: Partial<Record<string, number | string>> = {};
    for (const { name } of profile.numbers.values()) {
      const value = this.number(name, from);
      if (value !== undefined) message[name] = value;
    }
    for (const name of profile.texts.values()) {
      const value = from[name];
      if (typeof value === 'string' && value !== '') message[name] = value;
    }
    return message as MessageOf<MessageProfile<N, T>>;
  }

  private number(field: string, from: LibraryMessage): number | undefined {
    const value = from[field];
    if (typeof value === 'number') return value;
    if (value instanceof Date) return unixMsToFit(value.getTime());
    if (typeof value !== 'string') return undefined;
    switch (field) {
      case 'sport':
        return getFitSportId(value) ?? undefined;
      case 'sub_sport':
        return getFitSubSportId(value) ?? undefined;
      case 'manufacturer':
        return this.manufacturerNumber(value);
      case 'device_type':
        return deviceTypeNumber(value, from.source_type);
      default:
        return NUMBER_OF_NAME[field]?.get(value);
    }
  }

  private manufacturerNumber(name: string): number | undefined {
    if (this.manufacturers === null) {
      const numbers = new Map<string, number>();
      for (let number = 0; number <= LARGEST_MANUFACTURER; number++) {
        const known = getFitManufacturerName(number);
        if (known !== null && !numbers.has(known)) numbers.set(known, number);
      }
      this.manufacturers = numbers;
    }
    return this.manufacturers.get(name);
  }
}

/** A time, as FIT seconds; NaN when the message has none. */
export function libraryTime(value: unknown): number {
  return value instanceof Date ? unixMsToFit(value.getTime()) : Number.NaN;
}

export function libraryFieldDescription(from: LibraryMessage): FieldDescription | null {
  const number = (field: string): number | null => (typeof from[field] === 'number' ? from[field] : null);
  const text = (field: string): string => (typeof from[field] === 'string' ? from[field] : '');
  const developerIndex = number('developer_data_index');
  const fieldNumber = number('field_definition_number');
  if (developerIndex === null || fieldNumber === null) return null;
  return {
    developerIndex,
    fieldNumber,
    baseType: baseTypeNumber(from.fit_base_type_id),
    name: text('field_name'),
    units: text('units'),
    scale: number('scale') || 1,
    offset: number('offset') ?? 0,
    nativeMessage: NATIVE_MESSAGES.get(text('native_mesg_num')) ?? number('native_mesg_num'),
    nativeField: number('native_field_num'),
  };
}

export function libraryHr(from: LibraryMessage): HrMessage {
  const timestamp = libraryTime(from.timestamp);
  const events = list(from.event_timestamp);
  return {
    timestamp: Number.isNaN(timestamp) ? null : timestamp,
    fractionalS: typeof from.fractional_timestamp === 'number' ? from.fractional_timestamp : null,
    bpm: list(from.filtered_bpm),
    eventS: events.some(Number.isNaN) ? [] : events,
    packedEvents: libraryBytes(from.event_timestamp12),
  };
}

/** Beat intervals of an `hrv` message in seconds. */
export function libraryBeatIntervals(from: LibraryMessage): number[] {
  return list(from.time).filter((value) => !Number.isNaN(value));
}

/** A byte array; the library writes null for 255. */
export function libraryBytes(value: unknown): Uint8Array {
  return Uint8Array.from(list(value), (byte) => (Number.isNaN(byte) ? NO_BYTE : byte));
}

function list(value: unknown): number[] {
  const values: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return values.map((item) => (typeof item === 'number' ? item : Number.NaN));
}

function baseTypeNumber(value: unknown): number | null {
  const name = Object.entries(BASE_TYPE).find(([each]) => each === value);
  return name?.[1] ?? null;
}

/** Only the sensors that tell where heart rate and altitude come from. */
function deviceTypeNumber(name: string, sourceType: unknown): number | undefined {
  const isBluetooth = sourceType === 'bluetooth' || sourceType === 'bluetooth_low_energy';
  if (name === 'heart_rate') return isBluetooth ? 1 : 120;
  if (sourceType !== 'local') return undefined;
  return { whr: 10, barometer: 4 }[name];
}
