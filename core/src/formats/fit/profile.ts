/**
 * The part of the public FIT profile that an activity needs: message numbers, field numbers, scales.
 *
 * Names are the profile's own (`total_elapsed_time`), so that any FIT tool's output can be laid beside ours. A value
 * is `raw / scale + offset` in the profile's unit: seconds, metres, m/s, bpm, W, °C, kcal, mm, ms. Times stay FIT
 * seconds (fit-time.ts), enumerations stay numbers.
 */

/** How the raw number of a field becomes a value. */
export interface FieldScale<Name extends string = string> {
  name: Name;
  scale: number;
  offset: number;
}

/** One kind of message: its global number and the fields read from it, by field number. */
export interface MessageProfile<N extends string = string, T extends string = string> {
  global: number;
  numbers: ReadonlyMap<number, FieldScale<N>>;
  texts: ReadonlyMap<number, T>;
}

/** A decoded message: a field the file does not state is absent. */
export type MessageOf<P> =
  P extends MessageProfile<infer N, infer T> ? { [K in N]?: number } & { [K in T]?: string } : never;

/** A field's number, or its number, scale and offset. */
type FieldEntry = number | readonly [field: number, scale: number, offset?: number];

function message<N extends string, T extends string = never>(
  global: number,
  numbers: Record<N, FieldEntry>,
  texts: Record<T, number> = {} as Record<T, number>,
): MessageProfile<N, T> {
  const byNumber = new Map<number, FieldScale<N>>();
  for (const [name, entry] of Object.entries(numbers) as [N, FieldEntry][]) {
    const [field, scale, offset] = typeof entry === 'number' ? [entry, 1, 0] : [entry[0], entry[1], entry[2] ?? 0];
    byNumber.set(field, { name, scale, offset });
  }
  const textEntries = Object.entries(texts) as [T, number][];
  return { global, numbers: byNumber, texts: new Map(textEntries.map(([name, field]) => [field, name])) };
}

export const FILE_ID = message(
  0,
  { type: 0, manufacturer: 1, product: 2, serial_number: 3, time_created: 4 },
  { product_name: 8 },
);

export const SPORT = message(12, { sport: 0, sub_sport: 1 });

export const SESSION = message(18, {
  timestamp: 253,
  start_time: 2,
  sport: 5,
  sub_sport: 6,
  total_elapsed_time: [7, 1_000],
  total_timer_time: [8, 1_000],
  total_distance: [9, 100],
  total_calories: 11,
  max_speed: [15, 1_000],
  avg_heart_rate: 16,
  max_heart_rate: 17,
  avg_cadence: 18,
  max_cadence: 19,
  avg_power: 20,
  max_power: 21,
  total_ascent: 22,
  total_descent: 23,
  total_training_effect: [24, 10],
  normalized_power: 34,
  avg_temperature: 57,
  avg_vertical_oscillation: [89, 10],
  avg_stance_time: [91, 10],
  avg_fractional_cadence: [92, 128],
  max_fractional_cadence: [93, 128],
  enhanced_max_speed: [125, 1_000],
  avg_step_length: [134, 10],
  total_anaerobic_training_effect: [137, 10],
  workout_feel: 192,
  workout_rpe: 193,
});

export const LAP = message(19, {
  timestamp: 253,
  start_time: 2,
  total_elapsed_time: [7, 1_000],
  total_timer_time: [8, 1_000],
  total_distance: [9, 100],
  avg_heart_rate: 15,
  max_heart_rate: 16,
  avg_cadence: 17,
  avg_power: 19,
  total_ascent: 21,
  sport: 25,
  sub_sport: 39,
  avg_fractional_cadence: [80, 128],
});

export const RECORD = message(20, {
  position_lat: 0,
  position_long: 1,
  altitude: [2, 5, -500],
  heart_rate: 3,
  cadence: 4,
  distance: [5, 100],
  speed: [6, 1_000],
  power: 7,
  temperature: 13,
  fractional_cadence: [53, 128],
  enhanced_speed: [73, 1_000],
  enhanced_altitude: [78, 5, -500],
});

export const EVENT = message(21, { timestamp: 253, event: 0, event_type: 1 });

export const DEVICE_INFO = message(
  23,
  {
    device_index: 0,
    device_type: 1,
    manufacturer: 2,
    serial_number: 3,
    product: 4,
    software_version: [5, 100],
    source_type: 25,
  },
  { product_name: 27 },
);

export const ACTIVITY = message(34, { timestamp: 253, num_sessions: 1, local_timestamp: 5 });

export const LENGTH = message(101, { start_time: 2, total_timer_time: [4, 1_000], length_type: 12 });

/** Message numbers that have a reader of their own, or are counted only. */
export const HRV = 78;
export const HR = 132;
export const FIELD_DESCRIPTION = 206;
export const COURSE = 31;
export const WORKOUT = 26;

/** Messages that are read and not only counted. */
export const READ_MESSAGES: ReadonlySet<number> = new Set([
  ...[FILE_ID, SPORT, SESSION, LAP, RECORD, EVENT, DEVICE_INFO, ACTIVITY, LENGTH].map(({ global }) => global),
  HRV,
  HR,
  FIELD_DESCRIPTION,
]);

/** The field number of a message's time, in every message. */
export const TIMESTAMP_FIELD = 253;
/** `compressed_speed_distance` of a record: three bytes, see packed-speed-distance.ts. */
export const PACKED_SPEED_DISTANCE_FIELD = 8;
/** Semicircles to degrees, for the two position fields. */
export const DEGREES_PER_SEMICIRCLE = 180 / 2 ** 31;

/** `file_id.type`, as far as it has a common name. */
export const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'device'],
  [2, 'settings'],
  [3, 'sport'],
  [4, 'activity'],
  [5, 'workout'],
  [6, 'course'],
  [7, 'schedules'],
  [9, 'weight'],
  [10, 'totals'],
  [11, 'goals'],
  [14, 'blood_pressure'],
  [15, 'monitoring_a'],
  [20, 'activity_summary'],
  [28, 'monitoring_daily'],
  [32, 'monitoring_b'],
  [34, 'segment'],
  [35, 'segment_list'],
]);
