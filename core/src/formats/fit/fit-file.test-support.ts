/**
 * FIT files for tests. What a library's encoder can write it writes; the rest (other byte order, compressed
 * timestamps, developer fields, damage) is put together byte by byte. Field numbers are stated here once more, so that
 * a slip in our profile table does not pass.
 */
import { FitBaseType, FitEncoder, type FitEncoderField } from 'fit-file-parser/encoder';

/** FIT second 1,000,000,000: 2021-09-08T01:46:40Z. */
export const T0 = 1_000_000_000;

type Field = readonly [number: number, type: FitBaseType, scale?: number, offset?: number];
const { Enum, Uint8, Uint16, Uint32, Uint32z, Sint8, Sint32 } = FitBaseType;
const SIZES = new Map([
  [Enum, 1],
  [Sint8, 1],
  [Uint8, 1],
  [Uint16, 2],
  [Sint32, 4],
  [Uint32, 4],
  [Uint32z, 4],
]);
const SEMICIRCLES = 2 ** 31 / 180;

const MESSAGES = {
  file_id: {
    global: 0,
    fields: { type: [0, Enum], manufacturer: [1, Uint16], product: [2, Uint16], serial_number: [3, Uint32z] },
  },
  session: {
    global: 18,
    fields: {
      timestamp: [253, Uint32],
      start_time: [2, Uint32],
      sport: [5, Enum],
      sub_sport: [6, Enum],
      total_elapsed_time: [7, Uint32, 1_000],
      total_timer_time: [8, Uint32, 1_000],
      total_distance: [9, Uint32, 100],
      avg_heart_rate: [16, Uint8],
      avg_cadence: [18, Uint8],
      total_ascent: [22, Uint16],
      avg_fractional_cadence: [92, Uint8, 128],
      workout_feel: [192, Uint8],
      workout_rpe: [193, Uint8],
    },
  },
  lap: {
    global: 19,
    fields: {
      timestamp: [253, Uint32],
      start_time: [2, Uint32],
      total_elapsed_time: [7, Uint32, 1_000],
      total_distance: [9, Uint32, 100],
      avg_cadence: [17, Uint8],
      sport: [25, Enum],
    },
  },
  record: {
    global: 20,
    fields: {
      timestamp: [253, Uint32],
      position_lat: [0, Sint32, SEMICIRCLES],
      position_long: [1, Sint32, SEMICIRCLES],
      altitude: [2, Uint16, 5, -500],
      heart_rate: [3, Uint8],
      cadence: [4, Uint8],
      distance: [5, Uint32, 100],
      speed: [6, Uint16, 1_000],
      power: [7, Uint16],
      temperature: [13, Sint8],
      fractional_cadence: [53, Uint8, 128],
      enhanced_speed: [73, Uint32, 1_000],
      enhanced_altitude: [78, Uint32, 5, -500],
    },
  },
  event: { global: 21, fields: { timestamp: [253, Uint32], event: [0, Enum], event_type: [1, Enum] } },
  device_info: {
    global: 23,
    fields: {
      device_index: [0, Uint8],
      device_type: [1, Uint8],
      software_version: [5, Uint16, 100],
      source_type: [25, Enum],
    },
  },
  activity: { global: 34, fields: { timestamp: [253, Uint32], local_timestamp: [5, Uint32] } },
  workout: { global: 26, fields: { sport: [4, Enum] } },
  course: { global: 31, fields: { sport: [4, Enum] } },
  length: {
    global: 101,
    fields: { start_time: [2, Uint32], total_timer_time: [4, Uint32, 1_000], length_type: [12, Enum] },
  },
} as const satisfies Record<string, { global: number; fields: Record<string, Field> }>;

type Messages = typeof MESSAGES;
type Kind = keyof Messages;
/** A message by the names of the profile, in its units. */
export type TestMessage = {
  [K in Kind]: readonly [kind: K, values: { [F in keyof Messages[K]['fields']]?: number }];
}[Kind];

/** A whole file with header and CRC. */
export function fitFile(...messages: TestMessage[]): Uint8Array {
  const encoder = new FitEncoder();
  for (const [kind, values] of messages) {
    const { global, fields } = MESSAGES[kind] as { global: number; fields: Record<string, Field> };
    const written: FitEncoderField[] = Object.entries(values).map(([name, value]) => {
      const [number, baseType, scale = 1, offset = 0] = fields[name]!;
      return { number, baseType, size: SIZES.get(baseType)!, value: Math.round((value! - offset) * scale) };
    });
    encoder.writeMessage(global, written);
  }
  return encoder.close();
}

/** Data bytes as a file with header and CRC. */
export function fitBytes(data: readonly number[]): Uint8Array {
  const header = [14, 0x20, 0, 0, ...u32(data.length), 0x2e, 0x46, 0x49, 0x54];
  const whole = [...header, ...u16(FitEncoder.calculateCRC(header)), ...data];
  return Uint8Array.from([...whole, ...u16(FitEncoder.calculateCRC(whole))]);
}

interface DefinitionBytes {
  local?: number;
  global: number;
  bigEndian?: boolean;
  fields: (readonly [number: number, size: number, baseType: number])[];
  developer?: (readonly [number: number, size: number, developerIndex: number])[];
}

/** A definition message. */
export function definition({ local = 0, global, bigEndian = false, fields, developer }: DefinitionBytes): number[] {
  const head = [0x40 | (developer ? 0x20 : 0) | local, 0, bigEndian ? 1 : 0, ...u16(global, bigEndian), fields.length];
  return [...head, ...fields.flat(), ...(developer ? [developer.length, ...developer.flat()] : [])];
}

export function u16(value: number, bigEndian = false): number[] {
  const bytes = [value & 0xff, (value >>> 8) & 0xff];
  return bigEndian ? bytes.reverse() : bytes;
}

export function u32(value: number, bigEndian = false): number[] {
  const bytes = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
  return bigEndian ? bytes.reverse() : bytes;
}

export function f32(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** Text of a fixed size, filled up with zeros. */
export function text(value: string, size: number): number[] {
  return [...new TextEncoder().encode(value.padEnd(size, '\0')).subarray(0, size)];
}

/** `field_description` messages: what each developer field is. */
export function describeDeveloperFields(
  ...fields: { developerIndex: number; number: number; baseType: number; name: string; native?: number }[]
): number[] {
  const layout = definition({
    local: 15,
    global: 206,
    fields: [
      [0, 1, 2],
      [1, 1, 2],
      [2, 1, 2],
      [3, 16, 7],
      [14, 2, 0x84],
      [15, 1, 2],
    ],
  });
  const messages = fields.flatMap(({ developerIndex, number, baseType, name, native }) => [
    ...[15, developerIndex, number, baseType, ...text(name, 16)],
    ...u16(native === undefined ? 0xffff : 20),
    native ?? 0xff,
  ]);
  return [...layout, ...messages];
}

/** Files one after the other, as a download can hold them. */
export function chain(...files: Uint8Array[]): Uint8Array {
  return Uint8Array.from(files.flatMap((file) => [...file]));
}
